"""Races: copies of one session, one for each feedback operator, trained side by side in a process of their own."""
