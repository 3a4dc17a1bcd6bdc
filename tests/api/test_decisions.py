"""Four eyes through REST."""


def test_what_it_waits_for_is_told_and_how_it_is_approved(call_as, policy, dba, lead, wanted):
    asked = call_as(dba).post("backups/", wanted).json()
    assert asked["status"] == "AWAITING_APPROVAL"
    assert asked["approvals"]["needed"] == 1
    assert asked["waits_for"] == "0 of 1 approvals by others."
    assert [row["id"] for row in call_as(lead).get("decisions/waiting/").json()["results"]] == [asked["id"]]
    told = call_as(lead).post(f"backups/{asked['id']}/approve/", {"comment": "fine"}).json()
    assert (told["status"], told["approvals"]["given"]) == ("QUEUED", 1)
    [decision] = call_as(dba).get("decisions/").json()["results"]
    assert (decision["person"], decision["verdict"], decision["comment"]) == ("lead", "approved", "fine")


def test_what_was_seen_must_be_what_would_run(call_as, policy, dba, lead, wanted):
    asked = call_as(dba).post("backups/", wanted).json()
    reply = call_as(lead).post(f"backups/{asked['id']}/approve/", {"seen": "0" * 64})
    assert (reply.status_code, reply.json()["type"]) == (409, "urn:safepoint:problem:other_content")
    seen = {"seen": asked["content_hash"]}
    assert call_as(lead).post(f"backups/{asked['id']}/approve/", seen).status_code == 200


def test_a_rejection_says_why(call_as, policy, dba, lead, wanted):
    path = f"backups/{call_as(dba).post('backups/', wanted).json()['id']}/reject/"
    assert call_as(lead).post(path).status_code == 400
    assert call_as(lead).post(path, {"comment": "not today"}).json()["status"] == "REJECTED"
