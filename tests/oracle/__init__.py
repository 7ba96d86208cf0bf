"""Compares field checks with Django REST Framework, which must be configured before its import."""

import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        USE_TZ=True,
        TIME_ZONE="UTC",
        INSTALLED_APPS=["rest_framework", "drf_standardized_errors"],
        REST_FRAMEWORK={"UNAUTHENTICATED_USER": None},  # no user model, so no database
    )
    django.setup()
