"""Makes the pages of the documentation site that are not files of the repository; ``make docs`` builds the site."""
