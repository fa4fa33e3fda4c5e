"""Cases from the files of other programs."""
