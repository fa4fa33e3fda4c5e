"""Who would say no: who makes each arrangement, what happens without it, and who refuses."""
