"""Pictures that compare: matrix, positions, topic map, strengths, words, groups, years. Each with the table behind it."""

from textlens.report.pictures.base import Picture
from textlens.report.pictures.group_rows import draw_group_rows
from textlens.report.pictures.groups import draw_groups
from textlens.report.pictures.matrix import draw_matrix
from textlens.report.pictures.positions import draw_positions
from textlens.report.pictures.strengths import draw_strengths, strengths
from textlens.report.pictures.topic_map import draw_topic_map
from textlens.report.pictures.words import draw_correspondence, draw_network
from textlens.report.pictures.years import draw_interest, draw_years, interest_ranking

__all__ = [
    "Picture", "draw_correspondence", "draw_group_rows", "draw_groups", "draw_interest", "draw_matrix", "draw_network", "draw_positions",
    "draw_strengths", "draw_topic_map", "draw_years", "interest_ranking", "strengths",
]
