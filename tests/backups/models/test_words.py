"""What rows are called where people read of them."""

from backups.models import Channel, Membership, Role
from tests.fixtures.cast import member


def test_a_channel_is_called_by_its_name():
    assert str(Channel(name="On call")) == "On call"


def test_roles_are_told_in_one_order_whatever_order_they_were_given_in(payments):
    member("ann", payments, Role.ADMIN, Role.VIEWER)
    assert Membership.objects.get(user__username="ann").role_names == ["Viewer", "Admin"]
