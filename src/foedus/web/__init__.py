"""The workbench: cases opened, argued with and edited in a browser on this machine."""
