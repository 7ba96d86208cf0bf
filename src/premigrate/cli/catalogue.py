"""The commands that read in the rules: rules and explain."""

import json
from difflib import get_close_matches

import click

from premigrate.api import grammar_schema, markets, rulebook_of
from premigrate.errors import BadArgument
from premigrate.rendering.manual import find_topics, render_rules, render_topic


@click.command()
@click.option("--market", help="Only this market.")
@click.option("--schema", is_flag=True, help="Instead, write the JSON Schema of rule files, for editors.")
def rules(market: str | None, *, schema: bool) -> None:
    """List the rules of each market."""
    if schema:
        click.echo(json.dumps(grammar_schema(), indent=2))
        return
    for name in [market] if market else markets():
        for line in render_rules(rulebook_of(name)):
            click.echo(line)


@click.command()
@click.argument("topic", metavar="CODE_OR_ID")
def explain(topic: str) -> None:
    """Explain an error code or a rule: what it means, how we know it, and an example each way."""
    books = [rulebook_of(name) for name in markets()]
    topics = find_topics(books)
    if topic not in topics:
        near = get_close_matches(topic, sorted(topics), 1)
        offer = f"did you mean {near[0]}?" if near else "premigrate rules lists them all."
        raise BadArgument(f"there is no rule or code {topic!r}; {offer}")
    for line in render_topic(topic, books):
        click.echo(line)
