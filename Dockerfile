# Build the image with docker build --tag premigrate . (docs/ci.md describes how to run it).
FROM python:3.13-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
WORKDIR /build
COPY pyproject.toml constraints.txt hatch_build.py README.md LICENSE ./
COPY rules rules
COPY src src
ARG EXTRAS=zstd
RUN pip wheel --quiet --constraint constraints.txt --wheel-dir /wheels ".[$EXTRAS]"
RUN python -m venv --without-pip /opt/premigrate \
    && pip --python /opt/premigrate/bin/python install --quiet --no-index --no-cache-dir /wheels/*.whl

FROM python:3.13-slim
COPY --from=build /opt/premigrate /opt/premigrate
ENV PATH=/opt/premigrate/bin:$PATH
RUN useradd --create-home --uid 1000 premigrate
USER premigrate
WORKDIR /data
ENTRYPOINT ["premigrate"]
CMD ["--help"]
