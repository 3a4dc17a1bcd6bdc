# One image, every process: docker-compose.yml says which. The embedded servers come along but are not used there.
FROM python:3.11-slim-bookworm AS environment
WORKDIR /build
COPY requirements/run.txt .
RUN python -m venv /opt/safepoint \
    && /opt/safepoint/bin/pip install --no-cache-dir --require-hashes --no-deps --requirement run.txt

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 999 --create-home --home-dir /var/lib/safepoint safepoint
COPY --from=environment /opt/safepoint /opt/safepoint
COPY manage.py CHANGELOG.md /srv/safepoint/
COPY backups /srv/safepoint/backups
COPY dashboard /srv/safepoint/dashboard
COPY deploy /srv/safepoint/deploy
COPY static /srv/safepoint/static
COPY templates /srv/safepoint/templates
WORKDIR /srv/safepoint
ENV PATH=/opt/safepoint/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/var/lib/safepoint \
    BIND_ADDRESS=0.0.0.0 \
    DEMO=no
USER 999
VOLUME /var/lib/safepoint
EXPOSE 8000
CMD ["python", "-m", "deploy.launch", "web"]
