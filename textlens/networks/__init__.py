"""Small recurrent networks that read texts a second time: exact numbers, weights as plain tables."""
