"""Tables: reading office files, cross-tables, tests, year comparison."""
