"""Turns the tables of engines that people already run (Arrow, Spark, and what speaks Arrow) into tables of answers."""
