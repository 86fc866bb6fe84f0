"""The checks, one module per edge of the triangle plus the record alone and across records."""
