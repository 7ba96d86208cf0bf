"""The paths of the endpoints, as in one tenant's OpenAPI document, and of the admin endpoints."""

PROCESS = "/v2/data-import/accounts/"
VALIDATE = f"{PROCESS}validate/"
STATUS = f"{PROCESS}{{import_supplier_code}}/{{external_identifier}}/"
ADMIN = "/_premigrate/"
OPENAPI = f"{ADMIN}openapi.json"
HEALTH = f"{ADMIN}health"
REQUESTS = f"{ADMIN}requests"
