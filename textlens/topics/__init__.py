"""What they talk about: topics, and what staff make of them."""

from textlens.topics.clusterer import TopicClusterer
from textlens.topics.edits import TopicEdits
from textlens.topics.frozen import FrozenTopics
from textlens.topics.phrases import topic_phrases
from textlens.topics.polarity import topic_polarity

__all__ = ["FrozenTopics", "TopicClusterer", "TopicEdits", "topic_phrases", "topic_polarity"]
