"""From a received file to the build being served, so that a crash at any point changes nothing.

Stages, in order: lock, raw, validate, candidate, preview, register, lake, build, commit, current.
Up to ``commit`` (one transaction of the registry) the former build is whole and served; after it,
``recover`` puts the pointer where the registry says.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

from data.contracts.model import contracts
from data.ingestion import losses, plausibility
from data.ingestion.outcome import ImportRecord, Outcome, record_of
from data.ingestion.prepared import NewExtract, Prepared, keep, kept
from data.ingestion.preview import Preview, preview
from data.ingestion.read import size_refusal
from data.ingestion.recognise import AS_RECOGNISED, ReadingChoice
from data.ingestion.validate import Validation, validate
from data.models.build import build, build_id, build_inputs
from data.reference.published import is_published_figure
from data.store.files import keep_raw, move_into_place, point_current, sha256_of, sweep_work
from data.store.home import Home
from data.store.lock import publication_lock
from data.store.registry import Extract, Registry, now

Progress = Callable[[str], None]


def silent(_stage: str) -> None:
    """The progress of whoever does not look."""


class ServedChangedError(Exception):
    """Another publication came since the effect was shown; the message is a French sentence."""


@dataclass(frozen=True)
class Request:
    """What is asked of an import.

    Attributes:
        person: who publishes, as the audit writes it.
        received_by: who brings the files in, where that is another person.
        contract: the contract to read them by; recognised when None.
        replaces: « annule et remplace »: a file replaces all cells of its caisses and years.
        origin: ``demonstration | received``; the published figures shipped here are told by
            their bytes.
        dry_run: show what would change, publish nothing.
        reason: what the publication is, for whoever chooses one to compare with.
        seen_build: the build whose change the person was shown (empty where nothing was served);
            publishing over another one is refused. Not looked at when None.
        keep_candidate: where a dry run leaves the build that would be served, and beside it, in a
            folder of the same stem, what ``publish_kept`` needs.
        signed: the advisories that the person signed off, for history.
        action: what the publication is, as its history names it.
        progress: called with the name of each stage before it begins.
    """

    person: str
    contract: str | None = None
    replaces: bool = False
    origin: str = "received"
    dry_run: bool = False
    reason: str | None = None
    seen_build: str | None = None
    keep_candidate: Path | None = None
    received_by: str | None = None
    signed: Sequence[Mapping[str, str]] = ()
    action: str = "import"
    progress: Progress = silent


@dataclass(frozen=True)
class _Candidate:
    """A file on its way: validated, not yet served."""

    extract: Extract
    rows: Path
    validation: Validation
    is_new: bool = True

    @property
    def findings(self) -> list[dict[str, object]]:
        return [finding.as_dict() for finding in self.validation.warnings]


@dataclass
class _Plan:
    """The build that would follow: live extracts, then the candidates."""

    extracts: list[Extract]
    rows_of: dict[str, Path]
    findings: list[dict[str, object]] = field(default_factory=list)

    @property
    def build_id(self) -> str:
        """The identifier of that build."""
        return build_id(self.extracts)


@dataclass(frozen=True)
class _WorkedOut:
    """The candidates with all that was found in them, their build, and what it changes."""

    plan: _Plan
    candidates: Sequence[_Candidate]
    build: Path
    effects: dict[str, Preview]


def _french_day(moment: str) -> str:
    """The day of an ISO moment as French readers write it."""
    return datetime.fromisoformat(moment).strftime("%d/%m/%Y")


def lake_path(home: Home, extract: Extract) -> Path:
    """Where the validated rows of an extract lie."""
    return home.lake / str(extract.contract) / f"{extract.extract_id}.parquet"


def publish(
    paths: Sequence[Path],
    home: Home,
    request: Request,
    file_names: Sequence[str] = (),
    choices: Sequence[ReadingChoice] = (),
) -> list[Outcome]:
    """Bring files in, in one publication; a rejected file does not keep the others out.

    Args:
        paths: the files; they are read, kept and left where they are.
        home: where to publish.
        request: who asks, and how.
        file_names: the names to keep, when those of ``paths`` are not the sender's own.
        choices: how a person wants each file read, when not as it is recognised.

    Returns: one outcome per file, in order.
    Raises: ServedChangedError where another build is served than ``request.seen_build``.
    """
    registry = Registry(home)
    request.progress("lock")
    with publication_lock(home, when_waiting=request.progress):
        recover(home, registry)
        _refuse_unseen(home, request)
        return _Import(home, registry, request).run(
            paths,
            file_names or [path.name for path in paths],
            choices or [AS_RECOGNISED] * len(paths),
        )


def publish_kept(
    paths: Sequence[Path], home: Home, request: Request, candidate: Path
) -> tuple[str, ImportRecord] | None:
    """Publish what a check kept, without reading or building anything again.

    Args:
        paths: the files as received, those of the check.
        home: where to publish.
        request: who asks; ``origin`` and ``seen_build`` as for ``publish``.
        candidate: the ``keep_candidate`` of the check.

    Returns: the build that is served and what history keeps of the import; None where publishing
        anew would give something else (another reference, code, setting or origin), to be done by
        ``publish``.
    Raises: ServedChangedError where another build is served than ``request.seen_build``.
    """
    registry = Registry(home)
    request.progress("lock")
    with publication_lock(home, when_waiting=request.progress):
        recover(home, registry)
        _refuse_unseen(home, request)
        found = kept(home, registry, kept_folder(candidate), candidate, request.origin)
        if found is None:
            return None
        received = {sha256_of(path): path for path in paths}
        fresh = [*found.new, *found.rejected]
        if not {one.extract.sha256 for one in fresh} <= set(received):
            return None
        request.progress("raw")
        for one in fresh:
            keep_raw(home, received[one.extract.sha256], one.extract.sha256)
        request.progress("register")
        for one in found.rejected:
            _register_rejected(registry, request.person, one)
        for name in found.unread:
            registry.audit(request.person, "import refused unread", name[:200])
        commit(home, registry, request, found)
        return found.build_id, found.record


def kept_folder(candidate: Path) -> Path:
    """Where what goes with a kept build lies."""
    return candidate.with_suffix("")


def settled(home: Home) -> str | None:
    """The build served once what dead processes left is finished; None before the first."""
    with publication_lock(home):
        recover(home, Registry(home))
        return home.current_build_id()


def _refuse_unseen(home: Home, request: Request) -> None:
    if request.seen_build is not None and request.seen_build != (home.current_build_id() or ""):
        raise ServedChangedError(
            "Une autre publication est arrivée depuis ce contrôle : relancez-le pour voir ce "
            "qui changera maintenant."
        )


def recover(home: Home, registry: Registry) -> None:
    """Finish or forget what a dead process left; call it while holding the publication lock."""
    registry.interrupt_pending()
    sweep_work(home)
    last = registry.last_publication()
    if last and last["build_id"] != home.current_build_id():
        _ensure_build(home, registry, last["build_id"], registry.extracts_of(last["build_id"]))
        point_current(home, last["build_id"])


class _Import:
    """One import under the lock."""

    def __init__(self, home: Home, registry: Registry, request: Request) -> None:
        self.home = home
        self.registry = registry
        self.request = request
        self.served = home.current_build_id()
        self.live = registry.extracts_of(self.served)
        self.work = home.work / f"{os.getpid()}-{secrets.token_hex(4)}"
        self.work.mkdir()
        self.rejected: list[NewExtract] = []
        self.unread: list[str] = []

    def run(
        self, paths: Sequence[Path], names: Sequence[str], choices: Sequence[ReadingChoice]
    ) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        candidates: dict[int, _Candidate] = {}
        for index, (path, name, choice) in enumerate(zip(paths, names, choices, strict=True)):
            if size_refusal(path.stat().st_size):
                outcomes[index] = self._unread(path, name, index)
                continue
            digest = sha256_of(path)
            twin = self._published_twin(digest, name, choice)
            if twin:
                outcomes[index] = twin
                continue
            if not self.request.dry_run:
                self.request.progress("raw")
                keep_raw(self.home, path, digest)
            self.request.progress("validate")
            rows = self.work / f"{index}.parquet"
            contract = choice.contract or self.request.contract
            validation = validate(path, name, contract, rows, choice=choice)
            extract = self._extract(validation, digest, name, index)
            if validation.errors:
                outcomes[index] = self._rejected(extract, validation)
            else:
                found = self._candidate(extract, rows, validation)
                if found.extract in self.live:
                    outcomes[index] = self._already_published(found.extract, name)
                else:
                    candidates[index] = found
        if candidates:
            worked_out = self._worked_out(list(candidates.values()))
            served = [self._served(one, worked_out) for one in worked_out.candidates]
            outcomes |= dict(zip(candidates, served, strict=True))
            self._end(worked_out, [outcomes[index] for index in range(len(paths))])
        shutil.rmtree(self.work)
        return [self._as_asked(outcomes[index]) for index in range(len(paths))]

    def _unread(self, path: Path, name: str, index: int) -> Outcome:
        """The outcome of a file too large to be read, and so neither kept nor registered."""
        validation = validate(path, name, None, self.work / f"{index}.parquet")
        self.unread.append(name)
        if not self.request.dry_run:
            self.registry.audit(self.request.person, "import refused unread", name[:200])
        return Outcome(
            name, "rejected", validation.errors[0].sentence, None, self.served, validation
        )

    def _published_twin(self, digest: str, name: str, choice: ReadingChoice) -> Outcome | None:
        """The outcome of bytes that are served already, None for new ones or another reading."""
        contract = choice.contract or self.request.contract
        if choice.sheet or choice.header_row or choice.headings:
            return None
        for extract in self.live:
            if (
                extract.sha256 == digest
                and contract in (None, extract.contract)
                and extract.replaces == self.request.replaces
            ):
                return self._already_published(extract, name)
        return None

    def _already_published(self, extract: Extract, name: str) -> Outcome:
        return Outcome(
            name,
            "already_published",
            f"{name} : ce fichier est déjà publié (reçu le "
            f"{_french_day(extract.received_at)} sous le nom "
            f"« {extract.file_name} ») ; rien ne change.",
            extract.extract_id,
            self.served,
        )

    def _extract(self, validation: Validation, digest: str, name: str, index: int) -> Extract:
        request = self.request
        return Extract(
            extract_id=self.registry.next_extract_id(digest, index),
            sha256=digest,
            contract=validation.contract,
            file_name=name,
            state="pending",
            origin="published" if is_published_figure(digest) else request.origin,
            replaces=request.replaces,
            received_by=request.received_by or request.person,
            received_at=now(),
            row_count=validation.row_count,
            sheet=validation.sheet,
            header_row=validation.header_row,
            mapping=dict(validation.mapping),
            reason=validation.reason,
        )

    def _rejected(self, extract: Extract, validation: Validation) -> Outcome:
        findings = [one.as_dict() for one in (*validation.errors, *validation.warnings)]
        rejected = NewExtract(replace(extract, state="rejected"), self.work, findings)
        self.rejected.append(rejected)
        if not self.request.dry_run:
            self.request.progress("register")
            _register_rejected(self.registry, self.request.person, rejected)
        count = validation.error_total
        return Outcome(
            extract.file_name,
            "rejected",
            f"{extract.file_name} : fichier rejeté, {count} erreur{'s' if count > 1 else ''} ; "
            "les données publiées ne changent pas.",
            extract.extract_id,
            self.served,
            validation,
        )

    def _candidate(self, extract: Extract, rows: Path, validation: Validation) -> _Candidate:
        known = self.registry.accepted_like(extract.sha256, str(extract.contract), extract.replaces)
        is_kept = known is not None and lake_path(self.home, known).exists()
        if known and is_kept and _is_read_alike(known, extract):
            # Published once and rolled back since: the same rows come back under their first name.
            return _Candidate(known, lake_path(self.home, known), validation, is_new=False)
        return _Candidate(extract, rows, validation)

    def _worked_out(self, candidates: Sequence[_Candidate]) -> _WorkedOut:
        """Build with the candidates and compare with what is served."""
        former = self.home.build_path(self.served) if self.served else None
        told = _telling_what_is_doubtful(candidates, former)
        plan = self._plan(told)
        self.request.progress("candidate")
        candidate = self.work / f"{plan.build_id}.duckdb"
        effects: dict[str, Preview] = {}
        compared = told

        def compare(finished: Path) -> list[Mapping[str, object]]:
            """The findings of the comparison: they are a mart of the build too."""
            nonlocal compared
            self.request.progress("preview")
            for contract in {str(found.extract.contract) for found in told}:
                effects[contract] = preview(contract, former, finished)
            compared = _telling_what_is_taken_back(told, effects)
            return _told_since(told, compared)

        build(plan.extracts, plan.rows_of, plan.findings, candidate, self.home.workings, compare)
        return _WorkedOut(plan, compared, candidate, effects)

    def _end(self, found: _WorkedOut, outcomes: Sequence[Outcome]) -> None:
        """Serve what was worked out or, after a dry run, keep it where that was asked."""
        prepared = Prepared(
            served=self.served,
            extracts=found.plan.extracts,
            new=[
                NewExtract(one.extract, one.rows, one.findings)
                for one in found.candidates
                if one.is_new
            ],
            brought=[one.extract.extract_id for one in found.candidates],
            rejected=self.rejected,
            unread=self.unread,
            candidate=found.build,
            record=record_of(outcomes),
        )
        if not self.request.dry_run:
            self.request.progress("register")
            commit(self.home, self.registry, self.request, prepared)
        elif self.request.keep_candidate is not None:
            keep(prepared, kept_folder(self.request.keep_candidate), self.request.keep_candidate)

    def _served(self, found: _Candidate, worked_out: _WorkedOut) -> Outcome:
        """The outcome of a file once it is published."""
        extract = found.extract
        effect = worked_out.effects[str(extract.contract)]
        title = contracts()[str(extract.contract)].title
        return Outcome(
            file_name=extract.file_name,
            state="published",
            sentence=f"{extract.file_name} : publié comme « {title} ». {effect.sentence()}",
            extract_id=extract.extract_id,
            build_id=worked_out.plan.build_id,
            validation=found.validation,
            preview=effect,
        )

    def _as_asked(self, outcome: Outcome) -> Outcome:
        """The outcome, as what would be where nothing but a dry run was asked."""
        if not self.request.dry_run or outcome.state != "published":
            return outcome
        would = outcome.sentence.replace(" : publié comme ", " : serait publié comme ", 1)
        return replace(outcome, state="checked", sentence=would, build_id=self.served)

    def _plan(self, candidates: Sequence[_Candidate]) -> _Plan:
        rows_of = {e.extract_id: lake_path(self.home, e) for e in self.live}
        plan = _Plan(list(self.live), rows_of, self.registry.findings_of(list(rows_of)))
        for found in candidates:
            identifier = found.extract.extract_id
            plan.extracts.append(found.extract)
            plan.rows_of[identifier] = found.rows
            plan.findings += [finding | {"extract_id": identifier} for finding in found.findings]
        return plan


def _register_rejected(registry: Registry, person: str, found: NewExtract) -> None:
    registry.add_extract(found.extract, found.findings)
    registry.audit(person, "import rejected", found.extract.extract_id)


def commit(home: Home, registry: Registry, request: Request, prepared: Prepared) -> None:
    """Serve what was prepared, under the lock; the stage ``register`` has been told."""
    identifier = prepared.build_id
    for found in prepared.new:
        registry.add_extract(found.extract, found.findings)
    request.progress("lake")
    for found in prepared.new:
        move_into_place(found.rows, lake_path(home, found.extract))
    request.progress("build")
    target = home.build_path(identifier)
    # A build that was never published names extracts that died with their process.
    if not target.exists() or not registry.knows_build(identifier):
        prepared.candidate.chmod(0o444)
        move_into_place(prepared.candidate, target)
    request.progress("commit")
    registry.publish(
        identifier,
        [extract.extract_id for extract in prepared.extracts],
        inputs=build_inputs(prepared.extracts),
        person=request.person,
        action=request.action,
        accepted=[found.extract.extract_id for found in prepared.new],
        reason=request.reason,
        told=asdict(prepared.record)
        | {"former_build_id": prepared.served, "signed": [dict(one) for one in request.signed]},
    )
    request.progress("current")
    point_current(home, identifier)
    request.progress("audit")
    for extract_id in prepared.brought:
        registry.audit(request.person, request.action, extract_id)


def _is_read_alike(one: Extract, other: Extract) -> bool:
    """Whether the same bytes were read from the same sheet and headings."""
    return (one.sheet, one.header_row, one.mapping) == (
        other.sheet,
        other.header_row,
        other.mapping,
    )


def _telling_what_is_doubtful(
    candidates: Sequence[_Candidate], live: Path | None
) -> list[_Candidate]:
    """The candidates, with a warning for each value that is hardly what its sender meant."""
    told = list(candidates)
    for at, found in enumerate(told):
        extract = found.extract
        if extract.contract == plausibility.CONTRACT and found.is_new:
            sent = _sent(found)
            doubts = plausibility.doubtful(live, sent)
            if doubts.totals:
                told[at] = replace(found, validation=_with_warnings(found.validation, doubts))
    return told


def _sent(found: _Candidate) -> losses.Sent:
    extract = found.extract
    return losses.Sent(extract.file_name, found.rows, extract.replaces, extract.mapping or {})


def _telling_what_is_taken_back(
    candidates: Sequence[_Candidate], effects: dict[str, Preview]
) -> list[_Candidate]:
    """The candidates, with a warning for each served value or objective that they take back."""
    told = list(candidates)
    places = [at for at, found in enumerate(told) if found.extract.contract == losses.CONTRACT]
    if not places:
        return told
    taken = losses.taken_back(effects[losses.CONTRACT], [_sent(told[at]) for at in places])
    for at, loss in zip(places, taken, strict=True):
        if loss.totals:
            told[at] = replace(told[at], validation=_with_warnings(told[at].validation, loss))
    return told


def _told_since(
    before: Sequence[_Candidate], now_told: Sequence[_Candidate]
) -> list[Mapping[str, object]]:
    """The findings that the candidates have more than before, each with its extract."""
    return [
        finding | {"extract_id": now.extract.extract_id}
        for former, now in zip(before, now_told, strict=True)
        for finding in now.findings[len(former.findings) :]
    ]


def _with_warnings(validation: Validation, loss: losses.Taken) -> Validation:
    return replace(
        validation,
        warnings=(*validation.warnings, *loss.findings),
        warning_total=validation.warning_total + sum(loss.totals.values()),
        totals=validation.totals | loss.totals,
    )


def _ensure_build(
    home: Home, registry: Registry, identifier: str, extracts: Sequence[Extract]
) -> None:
    """Make the file of a build where it is missing."""
    target = home.build_path(identifier)
    if target.exists():
        return
    fresh = home.work / f"{identifier}-{os.getpid()}.duckdb"
    rows_of = {extract.extract_id: lake_path(home, extract) for extract in extracts}
    if not all(path.exists() for path in rows_of.values()):
        raise LookupError(
            f"La publication {identifier} ne peut plus être servie : des extraits qu’elle "
            "contenait ont été effacés au terme de leur conservation."
        )
    build(extracts, rows_of, registry.findings_of(list(rows_of)), fresh, home.workings)
    fresh.chmod(0o444)
    move_into_place(fresh, target)


def rebuild(home: Home, person: str, progress: Progress = silent) -> str | None:
    """Build what is live again, after a change of models or definitions; returns the build id."""
    registry = Registry(home)
    with publication_lock(home, when_waiting=progress):
        recover(home, registry)
        live = registry.extracts_of(home.current_build_id())
        if not live:
            return None
        identifier = build_id(live)
        if identifier != home.current_build_id():
            _ensure_build(home, registry, identifier, live)
            registry.publish(
                identifier,
                [extract.extract_id for extract in live],
                inputs=build_inputs(live),
                person=person,
                action="rebuild",
            )
            point_current(home, identifier)
        return identifier


def roll_back(home: Home, identifier: str, person: str, reason: str | None = None) -> str:
    """Serve a former build again; what is imported next starts from its extracts.

    Raises: LookupError with a French sentence where no such build was published.
    """
    registry = Registry(home)
    with publication_lock(home):
        recover(home, registry)
        if identifier not in {known["build_id"] for known in registry.publications()}:
            raise LookupError(
                f"Aucune publication ne porte l’identifiant « {identifier} ». "
                "Voyez « cli.py builds »."
            )
        _ensure_build(home, registry, identifier, registry.extracts_of(identifier))
        registry.publish(identifier, [], inputs={}, person=person, action="rollback", reason=reason)
        point_current(home, identifier)
        registry.audit(person, "rollback", identifier)
    return identifier
