"""What a voice does (complains, asks, praises …): cues, n-grams and the model that weighs them.

``intent`` and ``sentiment`` both read this, so that a comment is never a complaint here and praise there.
"""
