"""Sort each voice: complaint, request, praise, question, report, opinion."""

from textlens.intent.classifier import IntentClassifier

__all__ = ["IntentClassifier"]
