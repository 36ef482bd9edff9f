"""Pages of the review room: the expert's desk, and the organiser's side."""
