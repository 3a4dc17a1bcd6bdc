"""Everything the environment decides, read in one place, with safe defaults.

`docs/configure.md` explains each variable. A secret may come from a file: `NAME_FILE` instead of `NAME`.
"""

from pathlib import Path

import dj_database_url
import structlog
from csp.constants import NONE, SELF
from environs import FileAwareEnv

from backups.secrecy import redaction
from deploy import addresses

BASE_DIR = Path(__file__).resolve().parent.parent
env = FileAwareEnv()

VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var")


def kept(name: str) -> str:
    """The content of a key file that `manage.py make_keys` keeps in VAR_DIR, or nothing."""
    path = VAR_DIR / name
    return path.read_text().strip() if path.is_file() else ""


DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or kept("secret_key")
CREDENTIAL_KEYS: list[str] = env.list("CREDENTIAL_KEYS", []) or kept("credential_keys").split()
PORT = env.int("PORT", 8000)
SITE_URL = env.str("SITE_URL", f"http://localhost:{PORT}").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
# How many proxies of one's own write X-Forwarded-For; of none it is believed (docs/operate.md).
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
CLOUD_ENDPOINTS: list[str] = env.list("CLOUD_ENDPOINTS", [])
DEMO = env.bool("DEMO", True)

# How people are told. Without EMAIL_HOST nobody gets mail (docs/configure.md).
EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "Safepoint <safepoint@localhost>")
WEBHOOK_ORIGINS: list[str] = env.list("WEBHOOK_ORIGINS", [])

# Who may be called how often, and what a call may take (contract.md, "Errors"; faults.md, rule 8).
CLOUD_CALLS_PER_SECOND = env.float("CLOUD_CALLS_PER_SECOND", 5.0)
CLOUD_DEADLINE_SECONDS = env.float("CLOUD_DEADLINE_SECONDS", 30.0)
LEASE_MARGIN_SECONDS = env.float("LEASE_MARGIN_SECONDS", 30.0)
SETTLE_HORIZON_SECONDS = env.float("SETTLE_HORIZON_SECONDS", 600.0)

INSTALLED_APPS = [
    "backups",
    "dashboard",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "dashboard.middleware.CallerMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are compressed although they show what was typed: cookies do not travel from other sites, tokens
    # look different on every page, and each reply has a random length more (docs/decisions/0009).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dashboard.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dashboard.middleware.ReaderZoneMiddleware",
]
ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Pieces of pages that are the same for many readers. Each process keeps its own and loses it with a restart:
# a new release shows at once.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    }
}

# --- State: one PostgreSQL, one Redis

DATABASE_URL = env.str("DATABASE_URL", "") or addresses.default_database_url(VAR_DIR)
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
DATABASES["default"]["OPTIONS"] = OPTIONS = {"connect_timeout": 3, **DATABASES["default"].get("OPTIONS", {})}
# For what backups.queries.prepared asks; Django's own cursors prepare nothing.
OPTIONS["prepare_threshold"] = 0
OPTIONS["options"] = f"{OPTIONS.get('options', '')} -c plan_cache_mode=force_generic_plan".strip()

REDIS_URL = env.str("REDIS_URL", "") or addresses.default_redis_url(VAR_DIR)
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
# A click must never wait for the broker (faults.md, rule 7): dashboard.celery lengthens these for workers.
CELERY_BROKER_CONNECTION_TIMEOUT = 1.0
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1.0,
    "socket_timeout": 1.0,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# --- People

AUTH_USER_MODEL = "backups.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]

# --- What a browser is told

IS_HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "dashboard.views.errors.csrf_failure"
SECURE_HSTS_SECONDS = 63_072_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Words, time, files

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str("STATICFILES_BACKEND", "whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}

# --- Programs

# How often a token may call, and how many calls of one web process may wait long for a backup's end.
API_CALLS_PER_MINUTE = env.int("API_CALLS_PER_MINUTE", 600)
API_WAITERS = env.int("API_WAITERS", 6)
# How long a call of the gateway waits for the cloud to have the backup.
GATEWAY_WAIT_SECONDS = env.float("GATEWAY_WAIT_SECONDS", 20.0)
# What is not a resource of ours (backups.api.views.resource) lets nobody in.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Safepoint",
    "DESCRIPTION": "Manual backups of cloud MySQL databases, with the consent of a second person.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVERS": [{"url": "/"}],
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_NO_READ_ONLY_REQUIRED": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "PATH_CONVERTER_OVERRIDES": {
        "username": {"type": "string", "pattern": r"^[\w.@+-]+$", "maxLength": 150},
        "cloud_id": {"type": "string", "pattern": "^[0-9A-Za-z-]{36}$"},
    },
    "ENUM_NAME_OVERRIDES": {
        "CoverageEnum": "backups.models.Coverage",
        "OccasionEnum": "backups.models.Occasion",
        "SignInEnum": "backups.models.Kind",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "backups.api.schema.finish",
    ],
}

# --- Logs

LOG_FORMAT = env.str("LOG_FORMAT", "console")
LOG_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    redaction.redact,
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer()
                if LOG_FORMAT == "json"
                else structlog.dev.ConsoleRenderer(colors=False),
            ],
            "foreign_pre_chain": [*LOG_PROCESSORS],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
}
structlog.configure(
    processors=[*LOG_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
