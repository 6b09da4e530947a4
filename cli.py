"""The same operations without a browser.

Exit codes: 0 done, 1 misuse (a sentence on the error output), 2 a file was rejected.
"""

from __future__ import annotations

import argparse
import errno
import getpass
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

from sqlalchemy.exc import OperationalError
from tqdm import tqdm

from access.policy import AccessError, operator_scope, policy
from access.scope import Scope
from data.contracts.model import contracts
from data.demo.load import PERSON as DEMONSTRATION_PERSON
from data.demo.load import demonstration_publications
from data.ingestion.annotate import add_note, withdraw_note
from data.ingestion.archive import opened
from data.ingestion.preview import Preview
from data.ingestion.publish import Outcome, Request, publish, rebuild, roll_back
from data.ingestion.sentences import written
from data.store.backup import BackupError, backup, restore
from data.store.home import Home
from data.store.registry import Registry
from data.store.retention import SETTING, expired, forget, retention_days
from indicators.suppression import SettingError
from queries import store
from queries.notes import notes
from queries.run import QuestionError, as_rows, question, questions, run

DONE, MISUSE, REJECTED = 0, 1, 2
NOTHING_PUBLISHED = "Aucune donnée publiée. « python cli.py demo » charge la démonstration."
SENTENCES_SHOWN = 50
BAR = "{desc} {bar:30} {percentage:3.0f} % {postfix}"
STAGES = {
    "lock": "attente du tour",
    "raw": "conservation",
    "validate": "contrôle",
    "candidate": "construction",
    "preview": "comparaison",
    "register": "enregistrement",
    "lake": "rangement",
    "build": "mise en place",
    "commit": "validation",
    "current": "publication",
    "audit": "journal",
}
STATES = {
    "published": "publié",
    "already_published": "déjà publié",
    "rejected": "rejeté",
    "checked": "contrôlé",
}

SYSTEM_REFUSALS = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "disque en lecture seule",
    errno.ENOSPC: "plus de place",
    errno.ENOENT: "dossier introuvable",
    errno.ENOTDIR: "ce n’est pas un dossier",
}


class MisuseError(Exception):
    """What was asked makes no sense; the message is a French sentence."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        raise MisuseError(f"Commande mal formée ({message}). Voyez « cli.py --help ».")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    try:
        given = _parser().parse_args(arguments)
        return int(given.command(given))
    except BrokenPipeError:
        # Whoever read the answer has seen enough (``| head``).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (
        MisuseError,
        QuestionError,
        AccessError,
        SettingError,
        BackupError,
        LookupError,
        TimeoutError,
    ) as error:
        message = error.args[0] if error.args else error
        print(message, file=sys.stderr)
        return MISUSE
    # After the others: a refusal and a timeout are OSError too.
    except (OSError, OperationalError) as error:
        print(_unusable(error), file=sys.stderr)
        return MISUSE


def _unusable(error: OSError | OperationalError) -> str:
    home = Home.from_environment().root
    path = getattr(error, "filename", None) or home
    why = SYSTEM_REFUSALS.get(getattr(error, "errno", None) or 0, "erreur du système de fichiers")
    return (
        f"« {path} » n’a pas pu être lu ou écrit ({why}). Vérifiez le dossier des données, "
        f"VIGIE_HOME ({home}), ses droits et la place libre."
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="cli.py", description="Vigie GDR en ligne de commande.")
    commands = parser.add_subparsers(required=True, metavar="COMMANDE", parser_class=_Parser)

    def command(name: str, run_it: Callable[[argparse.Namespace], int], text: str) -> _Parser:
        added = commands.add_parser(name, help=text, description=text)
        added.add_argument("--json", action="store_true", help="répondre en JSON")
        added.set_defaults(command=run_it)
        return added

    brought = command("import", _import, "Vérifier un fichier et publier ses données.")
    brought.add_argument("files", nargs="+", type=Path, metavar="FICHIER")
    brought.add_argument("--contract", help="le contrat à appliquer (reconnu sinon)")
    brought.add_argument("--by", default=getpass.getuser(), help="qui apporte le fichier")
    brought.add_argument("--reason", help="ce que dit cette publication (« envoi de septembre »)")
    brought.add_argument("--dry-run", action="store_true", help="montrer l’effet sans publier")
    brought.add_argument(
        "--replace",
        action="store_true",
        help="annule et remplace toutes les valeurs des caisses et années du fichier",
    )
    demo = command("demo", _demo, "Charger les données de démonstration.")
    demo.add_argument("--if-empty", action="store_true", help="seulement si rien n’est publié")
    command("status", _status, "Ce qui est publié, depuis quand, avec quels extraits.")
    command("extracts", _extracts, "Les fichiers reçus et ce qu’ils sont devenus.")
    found = command("findings", _findings, "Les signalements des extraits publiés.")
    found.add_argument("--extract", help="ceux d’un extrait, rejeté ou non")
    found.add_argument(
        "--as",
        dest="person",
        metavar="PERSONNE",
        help="ce que cette personne en voit (rôle:territoire) ; sinon tout, petits nombres compris",
    )
    command("builds", _builds, "Les publications, la plus récente d’abord.")
    command("build", _build, "Reconstruire après un changement de modèle ou de définition.")
    back = command("rollback", _rollback, "Servir de nouveau une publication antérieure.")
    back.add_argument("build", metavar="PUBLICATION")
    back.add_argument("--by", default=getpass.getuser(), help="qui le demande")
    back.add_argument("--reason", help="pourquoi")
    saved = command("backup", _backup, "Sauvegarder toutes les données dans un fichier.")
    saved.add_argument("file", type=Path, metavar="FICHIER")
    brought_back = command("restore", _restore, "Remplir un dossier vide d’une sauvegarde.")
    brought_back.add_argument("file", type=Path, metavar="FICHIER")
    aged = command("retention", _retention, "Effacer ce dont la durée de conservation est finie.")
    aged.add_argument("--days", type=int, metavar="JOURS", help=f"au lieu de {SETTING}")
    aged.add_argument("--dry-run", action="store_true", help="dire ce qui serait effacé")
    aged.add_argument("--by", default=getpass.getuser(), help="qui le demande")
    asked = command("query", _query, "Poser une question aux données publiées.")
    asked.add_argument("question", metavar="SUJET/QUESTION")
    asked.add_argument("--param", action="append", default=[], metavar="NOM=VALEUR")
    asked.add_argument("--as", dest="person", metavar="PERSONNE", help="par exemple dcgdr:REG-84")
    asked.add_argument("--build", help="une publication antérieure")
    kept = command("notes", _notes, "Les notes laissées sur les chiffres.")
    kept.add_argument("--territory", metavar="TERRITOIRE")
    kept.add_argument("--indicator", metavar="INDICATEUR")
    kept.add_argument("--year", type=int, metavar="ANNÉE")
    kept.add_argument("--as", dest="person", metavar="PERSONNE", help="par exemple dcgdr:REG-84")
    note = commands.add_parser("note", help="Ajouter ou retirer une note.")
    deeds = note.add_subparsers(required=True, metavar="ACTION", parser_class=_Parser)
    added = deeds.add_parser("add", help="Ajouter une note sur un chiffre.")
    added.add_argument("territory", metavar="TERRITOIRE")
    added.add_argument("indicator", metavar="INDICATEUR")
    added.add_argument("year", type=int, metavar="ANNÉE")
    added.add_argument("body", metavar="TEXTE")
    added.add_argument("--month", type=int, metavar="MOIS", help="1 à 12 ; l’année entière sinon")
    added.set_defaults(command=_note_add)
    withdrawn = deeds.add_parser("withdraw", help="Retirer une note ; elle reste au registre.")
    withdrawn.add_argument("note", type=int, metavar="NUMÉRO")
    withdrawn.set_defaults(command=_note_withdraw)
    for deed in (added, withdrawn):
        deed.add_argument("--as", dest="person", metavar="PERSONNE", help="dcgdr:REG-84")
        deed.add_argument("--json", action="store_true", help="répondre en JSON")
    command("questions", _questions, "Les questions et leurs paramètres.")
    command("people", _people, "Les personnes dont « --as » accepte le point de vue.")
    return parser


def _print_json(content: Any) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=2, default=str))


def _print_rows(rows: Sequence[dict[str, Any]], as_json: bool, empty: str) -> None:
    if as_json:
        _print_json(rows)
    elif not rows:
        print(empty)
    else:
        names = list(rows[0])
        print("\t".join(names))
        for row in rows:
            print("\t".join("" if row[name] is None else str(row[name]) for name in names))


def _import(given: argparse.Namespace) -> int:
    for path in given.files:
        if not path.is_file():
            raise MisuseError(f"« {path} » n’existe pas ou n’est pas un fichier.")
    if given.contract not in (None, *contracts()):
        raise MisuseError(
            f"Le contrat « {given.contract} » n’existe pas. Contrats : {', '.join(contracts())}."
        )
    request = Request(
        person=given.by,
        contract=given.contract,
        replaces=given.replace,
        dry_run=given.dry_run,
        reason=given.reason,
        progress=_waiting_notice,
    )
    home = Home.from_environment().prepare()
    with TemporaryDirectory(dir=home.root) as folder:
        paths, names, refused = _unpacked(given.files, Path(folder))
        outcomes = publish(paths, home, request, names) if paths else []
    for sentence in refused:
        print(sentence, file=sys.stderr)
    if given.json:
        _print_json([_outcome_row(outcome) for outcome in outcomes])
    else:
        for outcome in outcomes:
            _print_outcome(outcome)
    is_rejected = refused or any(outcome.state == "rejected" for outcome in outcomes)
    return REJECTED if is_rejected else DONE


def _unpacked(files: Sequence[Path], folder: Path) -> tuple[list[Path], list[str], list[str]]:
    """The files to import and their names, archives opened into ``folder``; what is not kept."""
    with ExitStack() as stack:
        streams = [stack.enter_context(path.open("rb")) for path in files]
        found, refused = opened([(path.name, s) for path, s in zip(files, streams, strict=True)])
        lying = {id(stream): path for path, stream in zip(files, streams, strict=True)}
        paths = []
        for rank, (_, _, stream) in enumerate(found):
            paths.append(lying.get(id(stream), folder / str(rank)))
            if id(stream) not in lying:
                with stream, paths[-1].open("wb") as out:
                    shutil.copyfileobj(stream, out)
    return paths, [name for name, _, _ in found], refused


def _waiting_notice(stage: str) -> None:
    # Stages are single words; what is said while waiting for the lock is a sentence.
    if " " in stage:
        print(stage, file=sys.stderr)


def _outcome_row(outcome: Outcome) -> dict[str, Any]:
    validation = outcome.validation
    return {
        "file_name": outcome.file_name,
        "state": outcome.state,
        "sentence": outcome.sentence,
        "extract_id": outcome.extract_id,
        "build_id": outcome.build_id,
        "contract": validation.contract if validation else None,
        "reason": validation.reason if validation else None,
        "row_count": validation.row_count if validation else None,
        "error_count": validation.error_total if validation else 0,
        "errors": [finding.as_dict() for finding in outcome.errors],
        "warnings": [finding.as_dict() for finding in outcome.warnings],
        "effect": vars(outcome.preview) if outcome.preview else None,
    }


def _print_outcome(outcome: Outcome) -> None:
    print(outcome.sentence)
    reason = outcome.validation.reason if outcome.validation else ""
    # A file that is no extract at all has one error, which says why.
    if reason and not any(reason[1:] in finding.sentence for finding in outcome.errors):
        print(f"  {reason}")
    for title, found in (("Erreurs", outcome.errors), ("Signalements", outcome.warnings)):
        if found:
            print(f"  {title} :")
        for finding in found[:SENTENCES_SHOWN]:
            print(f"  - {finding.sentence}")
        if len(found) > SENTENCES_SHOWN:
            print(f"  … et {len(found) - SENTENCES_SHOWN} autres (voir --json).")
    if outcome.preview:
        _print_effect(outcome.preview)


def _print_effect(effect: Preview) -> None:
    """Some of the cells that move, are emptied or withdrawn, and of the statuses that flip."""
    for title, sample, total in (
        ("Valeurs retirées", effect.withdrawn_sample, effect.withdrawn),
        ("Valeurs modifiées", effect.moved_sample, effect.moved),
        ("Statuts qui basculent", effect.flip_sample, effect.flips),
    ):
        if sample:
            print(f"  {title} :")
        for row in sample:
            print(f"  - {_before_and_after(row)}")
        if total > len(sample):
            print(f"  … et {total - len(sample)} autres.")


def _before_and_after(row: dict[str, Any]) -> str:
    """``CPAM-01, prado_adhesions, 2016-03-01 : realised 44 → vide`` for one changed row."""
    former = {
        name.removeprefix("former_"): value
        for name, value in row.items()
        if name.startswith("former_")
    }
    key = [
        str(v)
        for name, v in row.items()
        if name != "effect" and not name.startswith(("former_", "new_"))
    ]
    changes = [
        f"{name} {written(value)} → {written(row[f'new_{name}'])}"
        for name, value in former.items()
        if value != row[f"new_{name}"]
    ]
    return f"{', '.join(key)} : {' ; '.join(changes)}"


def _demo(given: argparse.Namespace) -> int:
    home = Home.from_environment()
    if given.if_empty and home.current_build_id():
        return DONE
    registry = Registry(home)
    registry.set_setting("demonstration", "1")
    publications = demonstration_publications(home.root / "demonstration")
    # Two stages a file (kept, checked), then those of each publication.
    files = sum(len(publication.files) for publication in publications)
    total = 2 * files + len(publications) * (len(STAGES) - 2)
    outcomes: list[Outcome] = []
    with tqdm(total=total, desc="Démonstration", bar_format=BAR, file=sys.stderr) as bar:

        def advance(stage: str) -> None:
            bar.set_postfix_str(STAGES.get(stage, stage))
            bar.update()

        for publication in publications:
            request = Request(
                person=DEMONSTRATION_PERSON,
                origin="demonstration",
                reason=publication.reason,
                progress=advance,
            )
            outcomes += publish(publication.files, home, request)
    if given.json:
        _print_json([_outcome_row(outcome) for outcome in outcomes])
    else:
        for outcome in outcomes:
            rows = outcome.validation.row_count if outcome.validation else 0
            print(f"{outcome.file_name} : {STATES[outcome.state]}, {rows} lignes.")
    return REJECTED if any(outcome.state == "rejected" for outcome in outcomes) else DONE


def _status(given: argparse.Namespace) -> int:
    home = Home.from_environment()
    registry = Registry(home)
    current = home.current_build_id()
    live = registry.extracts_of(current)
    last = registry.last_publication()
    status = {
        "build_id": current,
        "home": str(home.root),
        "published_at": last["published_at"] if last else None,
        "published_by": last["published_by"] if last else None,
        "is_demonstration": registry.setting("demonstration") == "1",
        "extract_count": len(live),
        "row_count": sum(extract.row_count for extract in live),
        "rejected_count": len(registry.extracts(["rejected"])),
        "finding_count": len(registry.findings_of([extract.extract_id for extract in live])),
    }
    if given.json:
        _print_json(status)
    elif current is None:
        print("Aucune donnée publiée. « python cli.py demo » charge la démonstration.")
    else:
        for name, value in status.items():
            print(f"{name}\t{value}")
    return DONE


def _extracts(given: argparse.Namespace) -> int:
    home = Home.from_environment()
    registry = Registry(home)
    live = {extract.extract_id for extract in registry.extracts_of(home.current_build_id())}
    rows = [
        vars(extract) | {"is_live": extract.extract_id in live} for extract in registry.extracts()
    ]
    if not given.json:
        rows = [{k: v for k, v in row.items() if k not in ("mapping", "sha256")} for row in rows]
    _print_rows(rows, given.json, "Aucun fichier reçu.")
    return DONE


def _finding_row(row: dict[str, Any]) -> dict[str, Any]:
    """A finding with what was expected and found as numbers where they are."""
    return row | {name: _as_number(row[name]) for name in ("expected", "found")}


def _as_number(text: str | None) -> float | int | str | None:
    try:
        number = float(text or "")
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _findings(given: argparse.Namespace) -> int:
    home = Home.from_environment()
    if given.person:
        return _print_findings(_findings_seen(home, given.person, given.extract), given.json)
    registry = Registry(home)
    if given.extract:
        if given.extract not in {extract.extract_id for extract in registry.extracts()}:
            raise MisuseError(f"Aucun extrait ne porte l’identifiant « {given.extract} ».")
        identifiers = [given.extract]
    else:
        identifiers = [e.extract_id for e in registry.extracts_of(home.current_build_id())]
    return _print_findings(registry.findings_of(identifiers), given.json)


def _findings_seen(home: Home, person: str, extract: str | None) -> list[dict[str, Any]]:
    """The findings of what is served, of one of its extracts or of all, as a person sees them."""
    build_id = home.current_build_id()
    if build_id is None:
        raise MisuseError(NOTHING_PUBLISHED)
    rows = as_rows(store.findings(_scope(person), build_id))
    return [row for row in rows if extract in (None, row["extract_id"])]


def _print_findings(rows: list[dict[str, Any]], as_json: bool) -> int:
    if as_json:
        _print_json([_finding_row(row) for row in rows])
    else:
        for row in rows:
            print(f"{row['severity']}\t{row['rule']}\t{row['sentence']}")
        if not rows:
            print("Aucun signalement.")
    return DONE


def _builds(given: argparse.Namespace) -> int:
    home = Home.from_environment()
    current = home.current_build_id()
    rows = [
        publication | {"is_current": publication["build_id"] == current}
        for publication in Registry(home).publications()
    ]
    _print_rows(rows, given.json, "Aucune publication.")
    return DONE


def _build(given: argparse.Namespace) -> int:
    identifier = rebuild(Home.from_environment(), getpass.getuser(), _waiting_notice)
    if identifier is None:
        raise MisuseError("Rien à reconstruire : aucune donnée publiée.")
    _print_json({"build_id": identifier}) if given.json else print(identifier)
    return DONE


def _rollback(given: argparse.Namespace) -> int:
    identifier = roll_back(Home.from_environment(), given.build, given.by, given.reason)
    if given.json:
        _print_json({"build_id": identifier})
    else:
        print(f"La publication {identifier} est de nouveau servie.")
    return DONE


def _backup(given: argparse.Namespace) -> int:
    saved = backup(Home.from_environment(), given.file)
    if given.json:
        _print_json(vars(saved))
    else:
        print(f"{given.file} : {saved.file_count} fichiers, {_megabytes(saved.size_bytes)} Mo.")
    return DONE


def _restore(given: argparse.Namespace) -> int:
    if not given.file.is_file():
        raise MisuseError(f"« {given.file} » n’existe pas ou n’est pas un fichier.")
    home = Home.from_environment()
    saved = restore(given.file, home)
    if given.json:
        _print_json(vars(saved))
    else:
        print(
            f"{home.root} : {saved.file_count} fichiers restaurés, {_megabytes(saved.size_bytes)} "
            f"Mo, tels qu’au {saved.made_at}. Publication servie : {saved.build_id}."
        )
    return DONE


def _megabytes(size: int) -> str:
    return written(float(round(size / 1e6, 1)))


def _retention(given: argparse.Namespace) -> int:
    try:
        days = given.days if given.days is not None else retention_days()
    except ValueError as error:
        raise MisuseError(str(error)) from error
    if days is None or days < 1:
        raise MisuseError(
            f"Aucune durée de conservation : rien n’est effacé. Donnez-la par {SETTING} ou --days."
        )
    home = Home.from_environment()
    is_trial = given.dry_run
    found = expired(home, Registry(home), days) if is_trial else forget(home, days, given.by)
    if given.json:
        _print_json(vars(found))
    else:
        verb = "à effacer" if given.dry_run else "effacés"
        print(
            f"Après {days} jours, {verb} : {len(found.raw)} fichiers reçus, {len(found.rows)} "
            f"extraits retirés, {len(found.builds)} publications qui les servaient, "
            f"{len(found.drafts)} dépôts en attente. Empreintes, rapports et effets restent."
        )
    return DONE


def _query(given: argparse.Namespace) -> int:
    asked = question(given.question)
    parameters = {}
    for pair in given.param:
        name, separator, value = pair.partition("=")
        if not separator:
            raise MisuseError(f"« --param {pair} » : écrivez NOM=VALEUR.")
        parameters[name] = value
    scope = _scope(given.person)
    build_id = given.build or Home.from_environment().current_build_id()
    if build_id is None:
        raise MisuseError(NOTHING_PUBLISHED)
    rows = as_rows(run(asked.name, scope, build_id, **parameters))
    _print_rows(rows, given.json, "Aucune ligne.")
    return DONE


def _notes(given: argparse.Namespace) -> int:
    frame = notes(_scope(given.person), given.territory, given.indicator, given.year)
    _print_rows(as_rows(frame), given.json, "Aucune note.")
    return DONE


def _note_add(given: argparse.Namespace) -> int:
    try:
        kept = add_note(
            _scope(given.person),
            given.territory,
            given.indicator,
            given.year,
            given.body,
            given.month,
        )
    except ValueError as error:
        raise MisuseError(str(error)) from error
    _print_json(vars(kept)) if given.json else print(f"Note {kept.note_id} ajoutée.")
    return DONE


def _note_withdraw(given: argparse.Namespace) -> int:
    taken = withdraw_note(_scope(given.person), given.note)
    _print_json(vars(taken)) if given.json else print(f"Note {taken.note_id} retirée.")
    return DONE


def _scope(person: str | None) -> Scope:
    """The view of ``--as``, or the local operator's."""
    return policy().scope(person) if person else operator_scope()


def _questions(given: argparse.Namespace) -> int:
    rows = [
        {
            "question": name,
            "parameters": ", ".join(
                f"{parameter.name}{' (facultatif)' if parameter.is_optional else ''}"
                for parameter in question(name).parameters
            ),
        }
        for name in questions()
    ]
    _print_rows(rows, given.json, "")
    return DONE


def _people(given: argparse.Namespace) -> int:
    rows = [vars(person) for person in policy().demonstration_people()]
    _print_rows(rows, given.json, "")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
