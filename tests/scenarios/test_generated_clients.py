"""Generators of code make types of the payload from the two schemas: examples have these types, mistakes do not."""

import importlib.util
import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, ValidationError

from premigrate.describe.market import payload_schema
from premigrate.testing import run_mock_server
from tests.pages import blocks_of
from tests.payloads import AS_OF, ROOT, good_account, put

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "clients.md"
NODE = ROOT / "build" / "npm" / "node_modules" / ".bin"
CODEGEN = Path(sys.executable).with_name("datamodel-codegen")

PROGRAM = """
import models

def read(text: str) -> str:
    account = models.AccountRequest.model_validate_json(text).payload
    for transaction in account.current_statement_transactions or []:
        if isinstance(transaction.root, models.TransactionCredit):
            print(transaction.root.amount.root)
    return account.import_supplier

def is_done(status: models.ImportStatus) -> bool:
    return status.status is models.ImportStatusValue.PROCESSED
"""
WRONG = "number: int = read('')\n"

TYPESCRIPT = """\
import type { components, operations } from "./api.js";
type Schemas = components["schemas"];
const request: Schemas["AccountRequest"] = EXAMPLE;
export const supplier: string = request.payload.import_supplier;
export const parameters: Schemas["TaskParams"] = { is_dry_run: true };
export function amount(transaction: Schemas["transaction"]): Schemas["Decimal"] {
  return transaction.type === "CREDIT" ? transaction.amount : "0";
}
export const status: Schemas["ImportStatus"]["status"] = "PROCESSED";
export const failure: Schemas["ScriptedFailure"] = { answer: "throttled", times: 2 };
type Throttled = operations["scheduleAccount"]["responses"][429];
export const wait = (response: Throttled): number => response.headers["Retry-After"];
"""
MISTAKES = (
    'export const a: Schemas["account"] = { import_supplier: 5 };',
    'export const b: Schemas["account"] = { account_type: "DOMESTIC" };',
    'export const c: Schemas["transaction_credit"]["type"] = "CHARGE";',
    'export const d: Schemas["ImportStatus"]["status"] = "LOST";',
)


def run(*command: str | Path, cwd: Path, exit_code: int = 0) -> str:
    completed = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=300)
    assert completed.returncode == exit_code, completed.stdout + completed.stderr
    return completed.stdout


@pytest.fixture
def folder(market: str, tmp_path: Path) -> Path:
    """Return a folder with openapi.json and schema.json."""
    with run_mock_server(market=market, as_of=AS_OF) as running:
        document = httpx.get(f"{running.url}/_premigrate/openapi.json", timeout=60).text
    (tmp_path / "openapi.json").write_text(document, "utf-8")
    (tmp_path / "schema.json").write_text(json.dumps(payload_schema(market)), "utf-8")
    return tmp_path


def command_of(*parts: str) -> list[str]:
    """Return the arguments of the command of docs/clients.md that has these parts."""
    commands = [shlex.split(line) for block in blocks_of(PAGE) for line in block.text.splitlines()]
    (command,) = [words for words in commands if set(parts) <= set(words)]
    return command[1:]


def generate_models(folder: Path, source: str) -> None:
    if not CODEGEN.exists():
        pytest.skip("make types installs datamodel-codegen")
    run(CODEGEN, *command_of("datamodel-codegen", source), cwd=folder)


def load(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    spec = importlib.util.spec_from_file_location("generated_models", folder / "models.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "generated_models", module)  # pydantic finds the types of annotations there
    spec.loader.exec_module(module)
    return module


def assert_models_hold(model: type[BaseModel], account: Any) -> None:
    parsed = model.model_validate(account)
    assert json.loads(parsed.model_dump_json(exclude_unset=True)) == account
    for place, value in (("import_supplier", []), ("account_type", "FLAT"), ("customers", {})):
        with pytest.raises(ValidationError):
            model.model_validate(put(account, place, value))


def test_pydantic_models_of_the_openapi_document(market: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate_models(folder, "openapi.json")
    models = load(folder, monkeypatch)
    assert_models_hold(models.Account, good_account(market))
    assert isinstance(models.AccountRequest(payload=good_account(market)).payload, models.Account)
    kinds = {model.__name__ for model in models.Transaction.model_fields["root"].annotation.__args__}
    assert "TransactionCredit" in kinds
    assert models.Transaction.model_fields["root"].discriminator == "type"
    mypy = Path(sys.executable).with_name("mypy")
    (folder / "program.py").write_text(PROGRAM, "utf-8")
    run(mypy, "--strict", "program.py", cwd=folder)
    (folder / "program.py").write_text(PROGRAM + WRONG, "utf-8")
    output = run(mypy, "--strict", "program.py", cwd=folder, exit_code=1)
    assert f"program.py:{1 + PROGRAM.count(chr(10))}: error" in output, "a wrong type is found"
    assert "Found 1 error in 1 file" in output


def test_pydantic_models_of_the_json_schema(market: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate_models(folder, "schema.json")
    models = load(folder, monkeypatch)
    assert_models_hold(models.Account, good_account(market))
    wrapped = models.WrappedAccount(payload=good_account(market))
    assert isinstance(wrapped.payload, models.Account)


def test_typescript_types_of_the_openapi_document(market: str, folder: Path) -> None:
    if not (NODE / "tsc").exists():
        pytest.skip("make types installs openapi-typescript where npm is installed")
    run(NODE / "openapi-typescript", *command_of("openapi-typescript"), cwd=folder)
    example = json.dumps({"payload": good_account(market)})
    program = TYPESCRIPT.replace("EXAMPLE", example)
    expected = "".join(f"// @ts-expect-error a wrong type\n{mistake}\n" for mistake in MISTAKES)
    (folder / "program.ts").write_text(program + expected, "utf-8")
    options = ("--strict", "--noEmit", "--module", "nodenext", "--moduleResolution", "nodenext")
    run(NODE / "tsc", *options, "program.ts", cwd=folder)
