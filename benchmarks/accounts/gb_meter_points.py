"""Generates the meter points of a British account, with their meters and readings."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from benchmarks.accounts.placeholders import placeholder

TARIFFS = {
    "ELECTRICITY": ("ELEC-FLEX-J", "ELEC-FIX-12M", "ELEC-ECO7", "ELEC-TRACK"),
    "GAS": ("GAS-FLEX-J", "GAS-FIX-12M", "GAS-TRACK"),
}
PATTERNS = (("00001",), ("00043", "00210"), ("01201", "01201"))
"""Time patterns of the registers of a meter; two registers may share some of them."""
DAY = timedelta(days=1)


def meter_point(rng: Random, commodity: str, which: int, since: date, billed: date) -> dict[str, Any]:
    """Generate a meter point on supply since the day ``since``, billed up to the day before ``billed``."""
    point: dict[str, Any] = {
        "identifier": placeholder("mpan" if commodity == "ELECTRICITY" else "mprn", which),
        "supply_type": commodity,
        "supply_start_date": str(since),
        "agreements": _agreements(rng, commodity, since),
        "et_in_progress": False,
        "dr_in_progress": None if rng.random() < 0.1 else False,
    }
    if rng.random() < 0.2:
        refused = {"type": "NOT_INTERESTED", "date": str(since), "refusal_reason": "CANNOT_SEE_BENEFIT"}
        point["smart_refusal_interest"] = {**refused, "source": rng.choice(("EMAIL", "WEBSITE", "OTHER"))}
    return point | (_electricity(rng, since, billed) if commodity == "ELECTRICITY" else _gas(rng, since, billed))


def _agreements(rng: Random, commodity: str, since: date) -> list[dict[str, Any]]:
    starts = [since + timedelta(days=days) for days in (0, 200, 390)][: rng.choices((1, 2, 3), (60, 30, 10))[0]]
    return [
        {
            "tariff_code": rng.choice(TARIFFS[commodity]),
            "effective_from": str(start),
            **({"effective_to": str(end)} if end else rng.choice(({}, {"effective_to": None}))),
        }
        for start, end in zip(starts, [*starts[1:], None], strict=True)
    ]


def _electricity(rng: Random, since: date, billed: date) -> dict[str, Any]:
    patterns = rng.choice(PATTERNS)
    names = [str(number) for number in range(1, len(patterns) + 1)]
    registers: list[dict[str, Any]] = [
        {"register_id": name, "tpr": pattern, "number_of_digits": 5}
        for name, pattern in zip(names, patterns, strict=True)
    ]
    if rng.random() < 0.1:
        registers.append({"register_id": "X", "tpr": "00405", "number_of_digits": 5, "is_settlement": False})
    meter = _meter(rng, since, billed, names)
    if meter.get("is_prepay"):
        meter["prepay_customer_reference_number"] = placeholder("serial")
    meters = [{**meter, "registers": registers}]
    if rng.random() < 0.1:
        meters.insert(0, _exchanged(since, {"registers": [{"register_id": "1", "number_of_digits": 5}]}))
    history = [
        {"effective_from": str(day), "tpr": pattern, "consumption": str(rng.randrange(500, 5000)), "source": "D0019"}
        for pattern in dict.fromkeys(patterns)
        for day in (since, billed)
    ]
    return {
        "mpid": "TENT",
        "profile_class": 1 if len(patterns) == 1 else 2,
        "ssc": "0393",
        "measurement_class": "A",
        "meters": meters,
        "eac_history": history,
    }


def _gas(rng: Random, since: date, billed: date) -> dict[str, Any]:
    meters = [{**_meter(rng, since, billed, [None]), "gas_number_of_digits": 5}]
    if rng.random() < 0.1:
        meters.insert(0, _exchanged(since, {"gas_number_of_digits": 5}))
    return {
        "mpid": "TEN",
        "shipper_mpid": "TCL",
        "ldz": rng.choice(("SE", "NW", "SC", "")),
        "meters": meters,
        "aq_history": [
            {"effective_from": str(billed), "consumption": str(rng.randrange(5000, 20_000))},
            {"effective_from": str(since), "effective_to": str(billed - DAY), "consumption": "8716"},
        ],
    }


def _meter(rng: Random, since: date, billed: date, registers: Sequence[str | None]) -> dict[str, Any]:
    """Generate an active meter without its registers; gas has a single one without a name."""
    meter: dict[str, Any] = {"meter_serial_number": f"Z16N{rng.randrange(1_000_000):06d}", "installed_on": str(since)}
    for name in registers:
        of = {"register_id": name} if name else {}
        end = {**of, "reading_date": str(billed), "reading_value": "1000.00", "reading_type": "CUSTOMER"}
        meter.setdefault("transfer_readings", []).append(end)
        for days in range(rng.randrange(3)):
            day = billed - timedelta(days=30 * (days + 1))
            past = {**of, "reading_date": str(day), "reading_value": f"{970 - days}.5", "reading_type": "ROUTINE"}
            meter.setdefault("reading_history", []).append({**past, "billed": True})
    if rng.random() < 0.3:
        smart = {"smart_type": "SMETS2", "smart_device_id": "01-23-45-67-89-AB-CD-EF"}
        meter |= {**smart, "smart_commissioned_on": str(since + DAY)}
    if rng.random() < 0.1:
        vend = {"credit_balance": "12.30", "debt_balance": "21.30", "transfer_vend_read_date": str(billed - DAY)}
        meter |= {"is_prepay": True, "prepay_details": vend}
    return meter


def _exchanged(since: date, registers: dict[str, Any]) -> dict[str, Any]:
    """Generate a meter that was removed, and billed, long before the last billed date."""
    dates = {"installed_on": str(since - timedelta(days=400)), "removed_on": str(since)}
    return {"meter_serial_number": "K90X12345", **dates, **registers}
