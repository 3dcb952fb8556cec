# One image for the site, its worker, the search service and the command line.
#
#   docker build -t landlab .          buildah bud -t landlab .
#
# BASE may name the same Debian by digest.  CREATED and REVISION only label the image; SOURCE_DATE_EPOCH is the time
# that compiled files carry, so that the same checkout gives the same files.
ARG BASE=debian:bookworm-slim

# Python and its environment, nothing of ours: this layer changes when the lock file does.
FROM ${BASE} AS environment
ENV DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# Whichever version is the latest of Debian 12, because it has the security updates.
# hadolint ignore=DL3008
RUN apt-get -q update \
    && apt-get -q -y install --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY requirements.txt ./
RUN python3 -m venv /opt/landlab \
    && /opt/landlab/bin/python -m pip install --quiet --no-compile --no-deps --use-pep517 --require-hashes -r requirements.txt \
    && echo "import pylibmagic" >"$(/opt/landlab/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/pylibmagic.pth"

# Our package, and the style sheets and scripts that CKAN would make at its first page: the site is started once for them.
FROM environment AS package
ARG SOURCE_DATE_EPOCH=1767225600
ENV SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH} PYTHONDONTWRITEBYTECODE=1
COPY setup.py pyproject.toml README.md LICENSE ./
COPY schemas schemas
COPY ckanext-landlab ckanext-landlab
RUN /opt/landlab/bin/python -m pip install --quiet --no-compile --no-deps --no-build-isolation . \
    && /opt/landlab/bin/landlab --data /build/site up --detach --no-sample \
    && /opt/landlab/bin/landlab --data /build/site down \
    && mv /build/site/webassets /opt/landlab/webassets
COPY config/image/trim /build/trim
RUN sh /build/trim /opt/landlab

FROM ${BASE}
ARG SOURCE_DATE_EPOCH=1767225600
ARG CREATED=""
ARG REVISION=""
LABEL org.opencontainers.image.title="ckanext-landlab" \
      org.opencontainers.image.description="A municipal open-data catalogue on CKAN 2.12: DCAT-AP.de 3.0, liability notices, release check" \
      org.opencontainers.image.licenses="AGPL-3.0-or-later" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.revision="${REVISION}"
# The day that useradd writes down is that of the commit, and what ldconfig keeps for itself is left out.
# hadolint ignore=DL3008
RUN apt-get -q update \
    && DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends ca-certificates python3 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/cache/ldconfig/aux-cache \
        /var/log/apt /var/log/dpkg.log /var/log/alternatives.log \
    && groupadd --gid 10001 landlab \
    && useradd --uid 10001 --gid landlab --no-create-home --home-dir /var/lib/landlab --shell /usr/sbin/nologin landlab \
    && install -d -o landlab -g landlab /var/lib/landlab /var/lib/landlab-search /run/secrets-made /backups
COPY --from=package /opt/landlab /opt/landlab
ENV PATH=/opt/landlab/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 LANG=C.UTF-8 \
    LANDLAB_DATA=/var/lib/landlab CKAN_INI=/var/lib/landlab/ckan.ini LANDLAB_WEBASSETS=/opt/landlab/webassets
USER 10001:10001
WORKDIR /var/lib/landlab
EXPOSE 5000
# What is written: the data folder (a volume) and /tmp.  Everything else may be mounted read-only.
VOLUME ["/var/lib/landlab"]
ENTRYPOINT ["landlab"]
CMD ["serve", "web"]
