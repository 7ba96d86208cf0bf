"""Compares what the rules say of single fields with Django REST Framework, which has to be set up before its import."""

import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        USE_TZ=True,
        TIME_ZONE="UTC",
        INSTALLED_APPS=["rest_framework", "drf_standardized_errors"],
        REST_FRAMEWORK={"UNAUTHENTICATED_USER": None},  # there are no users, nor a database for them
    )
    django.setup()
