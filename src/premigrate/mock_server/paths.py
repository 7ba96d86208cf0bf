"""The paths of the endpoints, as one tenant's OpenAPI document has them, and those of the stand-in itself."""

PROCESS = "/v2/data-import/accounts/"
VALIDATE = f"{PROCESS}validate/"
STATUS = f"{PROCESS}{{import_supplier_code}}/{{external_identifier}}/"
ADMIN = "/_premigrate/"
DESCRIPTION = f"{ADMIN}openapi.json"
