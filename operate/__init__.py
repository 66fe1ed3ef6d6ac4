"""Running the house: the embedded database, the supervisor, back-ups, the doctor."""
