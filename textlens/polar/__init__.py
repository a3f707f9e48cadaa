"""Praise and blame in words: polar expressions, what turns them, and weights learnt from writers' own ratings."""
