"""One call from its last byte received to its reply's last byte sent, with what is to go wrong on the way."""

import sys
import traceback

from backups.simulator.calls import Call, Reply, of_refusal
from backups.simulator.clock import http_date
from backups.simulator.cloud import Cloud
from backups.simulator.faults import AbandonedError, Fault, Faults
from backups.simulator.history import Entry, History
from backups.simulator.refusals import Refusal, server_failure
from backups.simulator.routes import Gateway, name_operation
from backups.simulator.wire import Wire, send_badly, send_whole

OWN_REPLY = frozenset({"status", "body"})
CUT_SHORT = {"half": "half", "drop": "half", "reset": "reset"}
SHAPE = frozenset({"half", "slow", "big"})


class DroppedError(Exception):
    """The connection is to end without a reply."""

    def __init__(self, *, is_reset: bool) -> None:
        super().__init__()
        self.is_reset = is_reset


class Exchange:
    """Carries calls through the cloud; the points received, applied and reply are where faults strike."""

    def __init__(self, cloud: Cloud, *, is_recorded: bool) -> None:
        self.cloud = cloud
        self.gateway = Gateway(cloud)
        self.faults = Faults()
        self.history = History()
        self._is_recorded = is_recorded

    def carry(self, call: Call, wire: Wire) -> None:
        """Answer a call, well or badly."""
        name_operation(call)
        entry = self._begin(call)
        try:
            reply, shape = self._decide(call, entry)
            entry.status, entry.error_code = reply.status, reply.code
            self.dress(call, reply)
            self._send(call, wire, reply, entry, shape)
        except DroppedError as drop:
            entry.outcome = "reset" if drop.is_reset else "dropped"
            wire.reset() if drop.is_reset else wire.cut()
        except AbandonedError:
            entry.outcome = "abandoned"
            wire.cut()
        except OSError:
            entry.outcome = "gone"
            wire.cut()

    def dress(self, call: Call, reply: Reply) -> None:
        """Add the headers that every reply has."""
        reply.headers = {
            "Date": http_date(self.cloud.clock.shown()),
            "X-Request-Id": call.id,
            **reply.headers,
        }

    def reset(self) -> None:
        """Begin anew: the world, the faults and the history."""
        self.faults.reset()
        self.gateway.calls_per_second = 0
        self.cloud.reset()
        self.history.reset()

    def _begin(self, call: Call) -> Entry:
        at = self.cloud.clock.now()
        return self.history.begin(call, at) if self._is_recorded else Entry(call.id, at, "", "", "")

    def _decide(self, call: Call, entry: Entry) -> tuple[Reply, Fault | None]:
        """The reply, and the fault that shapes the sending of it."""
        reply, shape = self._meet(call, "received", None)
        if reply is None:
            reply = self._carry_out(call)
            entry.caller, entry.is_applied = call.caller, not reply.code
            instead, later_shape = self._meet(call, "applied", reply)
            reply, shape = instead or reply, shape or later_shape
        for fault in self.faults.take(call, "reply"):
            if fault.action in OWN_REPLY:
                reply = fault.reply()
            else:
                shape = shape or fault
        return reply, shape

    def _carry_out(self, call: Call) -> Reply:
        try:
            return self.gateway.carry_out(call)
        except Refusal as refusal:
            return of_refusal(refusal)
        except Exception:  # a server answers, whatever happens
            traceback.print_exc(file=sys.stderr)
            return of_refusal(server_failure())

    def _meet(self, call: Call, at: str, reply: Reply | None) -> tuple[Reply | None, Fault | None]:
        """Let the faults of a point strike; returns the reply that they give, and how to send it."""
        shape = None
        for fault in self.faults.take(call, at):
            if fault.action == "hold":
                self.faults.hold(call, at)
            elif fault.action == "delay":
                self.faults.wait(float(fault.options.get("seconds", 1.0)))
            elif fault.action in {"drop", "reset"}:
                raise DroppedError(is_reset=fault.action == "reset")
            elif fault.action in SHAPE:
                shape, reply = fault, reply or fault.reply()
            else:
                reply = fault.reply()
        return reply, shape

    def _send(self, call: Call, wire: Wire, reply: Reply, entry: Entry, shape: Fault | None) -> None:
        """Put the reply on the wire; noted first, since whoever has it must find it in the history."""
        if shape is None:
            entry.outcome = "replied"
            return send_whole(wire, reply)
        entry.outcome = CUT_SHORT.get(shape.action, "replied")
        return send_badly(wire, reply, shape, self.faults, lambda: self.faults.hold(call, "reply"))
