"""Pages of the applicant's journey, and the record page that every desk shares."""
