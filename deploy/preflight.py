"""What is looked at before anything starts, so that a mistake is one sentence and not a traceback."""

import fcntl
import os
import socket

import psycopg
import redis

from deploy.choices import Choices

OLDEST_POSTGRES = 150000


class PreflightError(RuntimeError):
    """It cannot start; the words say why and what to do."""


def lock(choices: Choices) -> int:
    """Hold the lock of this installation: freed by the system when we end, however that comes about."""
    try:
        choices.run_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        choices.log_directory.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(choices.run_directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise PreflightError(f"{error.filename} cannot be written ({error.strerror}).") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise PreflightError(
            f"Safepoint is running already from {choices.var}: "
            "stop that one first, or set VAR_DIR to another directory."
        ) from error
    return descriptor


def check_port(name: str, port: int, address: str = "127.0.0.1") -> None:
    """Whether the port can be had."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, port))
            listener.listen(1)
        except OSError as error:
            raise PreflightError(
                f"Port {port} of {address} cannot be had ({error.strerror}): "
                f"stop what uses it, or set {name} to another port."
            ) from error


def check_database(url: str) -> None:
    """Whether a PostgreSQL that is new enough answers."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise PreflightError(f"DATABASE_URL: the database cannot be reached: {reason}") from error
    if version < OLDEST_POSTGRES:
        raise PreflightError(
            f"DATABASE_URL: this is PostgreSQL {version // 10000}; Safepoint needs 15 or newer."
        )


def check_redis(url: str) -> None:
    """Whether a Redis answers."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise PreflightError(f"REDIS_URL: the broker cannot be reached: {error}") from error


def check_all(choices: Choices) -> None:
    """Everything that can be known before the first process starts."""
    check_port("PORT", choices.port, choices.bind_address)
    if choices.has_demo:
        check_port("SIMULATOR_PORT", choices.simulator_port)
    if choices.database_url:
        check_database(choices.database_url)
    if choices.redis_url:
        check_redis(choices.redis_url)
