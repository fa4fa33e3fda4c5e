"""Tables from outside: CSV and Excel workbooks, their cells with their places, in and out."""
