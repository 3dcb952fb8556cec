"""The gate: no dataset becomes public unless its release check is passed.

CKAN tells plugins of every created and updated dataset before it commits.  Form, Publish button, bulk actions,
`package_create`, `_update`, `_patch`, `_revise` and `resource_*` all come by here, so this one place is enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab import config, looks, release
from ckanext.landlab.language import reader
from ckanext.landlab.legal.release_check import release_check, text_in
from ckanext.landlab.legal.reopening import changes, reopen, snapshot
from ckanext.landlab.model import release as table

DATASET = "dataset"
FILELESS = ("dataset_series", "data_service")  # whose files nobody would ever see, with or without a release check
LONGEST_KIND = 50  # characters of it in a sentence


def examine(context: Mapping[str, Any], dataset_id: str) -> None:
    """Let the dataset become or stay public, or roll back and refuse.

    Raises:
        ckan.logic.ValidationError: it may not be public; the sentences say why and what to do.
    """
    package = model.Package.get(dataset_id)
    is_off = config.release_mode() == "off"
    if package is None or (is_off and package.type not in FILELESS):
        return
    if package.type != DATASET:
        _keep_files_out(context, package)
        return
    _look(context, package)
    row = table.release_of(package.id)
    public = package.state == "active" and not package.private
    if public and (reason := exemption(context, package.id)):
        if row is None or row.exempt != reason:
            table.store(package.id, exempt=reason)
    elif row is not None and row.snapshot:
        before = _ask_again_what_is_touched(context, package, public)
        if public:
            _guard(context, package, before)
    elif public and not (row is not None and row.exempt):
        _guard(context, package)


def _keep_files_out(context: Mapping[str, Any], package: model.Package) -> None:
    """Files of another kind than a dataset would become public unchecked; so would a kind that nobody declared."""
    kinds = {kind for form in p.PluginImplementations(p.IDatasetForm) for kind in form.package_types()}
    if package.type not in kinds:
        told = _("This catalogue knows no kind “{kind}”. Use “dataset”.").format(kind=package.type[:LONGEST_KIND])
    elif package.resources and not exemption(context, package.id):
        told = _("Only datasets have files. Make a dataset for them, and name it in the series or the service.")
    else:
        return
    model.Session.rollback()
    raise tk.ValidationError({"type": [told]})


def _look(context: Mapping[str, Any], package: model.Package) -> None:
    """Look into new files; what is new in a file that was looked at before reopens the questions it belongs to."""
    if not any(resource.url_type == "upload" for resource in package.resources):
        return
    dataset = release.dataset_of(package.id)
    again = looks.look_at(dataset)
    row = table.release_of(package.id)
    if not again or row is None:
        return
    answers = release.answers_of(row.answers)
    touched = {key: replace(answer, reopened=again[key]) for key, answer in answers.items() if key in again}
    if touched:
        table.store(package.id, answers=release.plain({**answers, **touched}))
        reasons_told = list(again.values())
        table.record(package.id, "reopened", _user_id(context), {"reasons": reasons_told, "questions": sorted(touched)})


def _guard(context: Mapping[str, Any], package: model.Package, before: release.Release | None = None) -> None:
    stands = seen_outside(package.id)
    moves = stands is not None and stands.owner_org != package.owner_org
    if is_public(stands) and not (moves and before is not None and _released_alone(before)):
        if before is not None and config.release_mode() == "enforce":
            _keep_notices(before)
        return
    found = release.release_of(release.dataset_of(package.id))
    if found.passed and not found.due:
        table.record(package.id, "published", _user_id(context))
    elif config.release_mode() == "warn":
        table.record(package.id, "published_unchecked", _user_id(context), {"blocks": _codes(found)})
    elif context.get("ignore_auth") and comes_from_own_source(package.id):
        package.private = True  # no person is at work who could answer; it waits for those who can
        model.Session.flush()
        table.record(package.id, "held_back", _user_id(context))
    else:
        refuse(context, found)


def _released_alone(found: release.Release) -> bool:
    """Whether one person released the dataset alone, and two are asked where it is now."""
    given = found.confirmation
    return found.four_eyes and given is not None and given.confirmed_by in given.entered_by


def _keep_notices(found: release.Release) -> None:
    """A public dataset does not lose a notice that its answers ask for and that stood on it when it was confirmed."""
    if not (lacking := found.walk.lacking(found.present)):
        return
    confirmed = table.events_of(found.dataset["id"], "confirmed")
    stood = {notice["code"] for event in confirmed[:1] for notice in event.content["memo"]["present"]}
    if lost := [codes for codes in lacking if stood & set(codes.split("|"))]:
        told = _("The release check asks for these notices, so they have to stay: {codes}. Change the answers first.")
        model.Session.rollback()
        raise tk.ValidationError({"release_check": [told.format(codes=_either(lost))]})


def exemption(context: Mapping[str, Any], dataset_id: str) -> str | None:
    """Why the check does not hold for this save: the context says so, or a foreign harvest source brought it.

    A client of the web or of the API cannot set the context; CKAN makes it anew for each request.
    """
    if context.get("landlab_exempt"):
        return str(context["landlab_exempt"])
    if context.get("landlab_harvested"):
        return None if comes_from_own_source(dataset_id) else "harvested"
    return "harvested" if _harvested_from_others(dataset_id) else None


def comes_from_own_source(dataset_id: str) -> bool:
    """Whether a harvest source of the city's own brought the dataset."""
    source = _harvest_source(dataset_id)
    return source is not None and bool({source.id, source.url} & set(config.own_sources()))


def _harvested_from_others(dataset_id: str) -> bool:
    source = _harvest_source(dataset_id)
    return source is not None and not {source.id, source.url} & set(config.own_sources())


def _harvest_source(dataset_id: str) -> Any:
    """The harvest source that a dataset comes from; the harvester notes it before it saves."""
    tables = model.meta.metadata.tables
    objects, sources = tables.get("harvest_object"), tables.get("harvest_source")
    if objects is None or sources is None or not sa.inspect(model.Session.get_bind()).has_table("harvest_object"):
        return None
    query = sa.select(sources.c.id, sources.c.url).join(objects, objects.c.harvest_source_id == sources.c.id)
    return model.Session.execute(query.where(objects.c.package_id == dataset_id).limit(1)).one_or_none()


def was_public(dataset_id: str) -> bool:
    """Whether the dataset is public as the rest of the world sees it."""
    return is_public(seen_outside(dataset_id))


def is_public(row: Any) -> bool:
    """Whether a dataset that was `seen_outside` is public."""
    return row is not None and row.state == "active" and not row.private


def seen_outside(dataset_id: str) -> Any:
    """State, privacy and owner of the dataset outside of this transaction; None if it is not there."""
    columns = model.package_table.c
    query = sa.select(columns.private, columns.state, columns.owner_org).where(columns.id == dataset_id)
    engine = model.meta.engine
    assert engine is not None  # noqa: S101 set before the first request; only its type says otherwise
    with engine.connect() as outside:
        return outside.execute(query).one_or_none()


def refuse(context: Mapping[str, Any], found: release.Release) -> None:
    """Roll back what was about to be saved, and say why, as far as this person may know what was answered."""
    sentences = [_("The dataset cannot be public yet: the release check is not passed.")]
    if _may_know(context, found.dataset["id"]):
        save = _("Save it as private and go through the release check: {address}")
        sentences += [*reasons(found), save.format(address=page(found))]
    else:
        sentences.append(_("Save it as private and ask an editor of the organisation to go through the release check."))
    model.Session.rollback()
    raise tk.ValidationError({"release_check": sentences})


def _may_know(context: Mapping[str, Any], dataset_id: str) -> bool:
    if context.get("ignore_auth"):
        return True
    try:
        tk.check_access("landlab_release_show", {"user": context.get("user", "")}, {"id": dataset_id})
    except tk.NotAuthorized:
        return False
    return True


def page(found: release.Release) -> str:
    """Where the release check of a dataset is."""
    return tk.url_for("landlab_release.overview", id=found.dataset["name"], qualified=True)


def reasons(found: release.Release, most: int = 5) -> list[str]:
    """Why a dataset cannot be public, a sentence each."""
    language = reader()
    open_ones = [step for step in found.walk.steps if step.state == "open"]
    told = [_("{n} questions are still open.").format(n=len(open_ones))] if open_ones else []
    for block in [*found.walk.blocks, *found.walk.needs]:
        if block.question not in {step.question.id for step in open_ones}:
            missing = " ".join(text_in(text, language) for text in block.missing)
            told.append(f"{block.code}: {text_in(block.text, language)} {missing}".strip())
    if lacking := found.walk.lacking(found.present):
        told.append(_("These notices are missing: {codes}.").format(codes=_either(lacking)))
    return told[:most]


def _either(codes: Sequence[str]) -> str:
    return ", ".join(code.replace("|", _(" or ")) for code in codes)


def _codes(found: release.Release) -> list[str]:
    return sorted({block.code for block in (*found.walk.blocks, *found.walk.needs)})


def _ask_again_what_is_touched(context: Mapping[str, Any], package: model.Package, public: bool) -> release.Release:
    """Reopen what a change touches; with `changes = refuse` do not accept it while the dataset is public.

    Returns:
        the release as it stood before that, with the dataset as it is now.
    """
    found = release.release_of(release.dataset_of(package.id))
    after = snapshot(found.dataset)
    happened = changes(found.row.snapshot, after)
    if not happened:
        return found
    again = reopen(release_check(), found.answers, happened)
    told = [dict(change.reason) for change in happened]
    touched = [key for key, answer in again.items() if answer.reopened]
    if touched and public and config.release_refuses_changes() and was_public(package.id):
        address = page(found)
        model.Session.rollback()
        raise tk.ValidationError({"release_check": [_refused_change(told, address)]})
    table.store(package.id, answers=release.plain(again), snapshot=after)
    table.record(package.id, "reopened", _user_id(context), {"reasons": told, "questions": touched})
    return found


def _refused_change(told: Sequence[Mapping[str, str]], address: str) -> str:
    why = "; ".join(text_in(reason, reader()) for reason in told)
    sentence = _("This change reopens the release check ({why}). Make the dataset private first, then see {address}")
    return sentence.format(why=why, address=address)


def _user_id(context: Mapping[str, Any]) -> str | None:
    user = context.get("auth_user_obj")
    return user.id if user else None
