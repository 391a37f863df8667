# The image of Rulebot: Node 24, production dependencies, no root.
#
#   /app      the program (read only)
#   /config   bot.config.yaml and rules/: mount your own folder here
#   /data     the database: mount a volume here
#
# How to build and run it: docs/container.md

ARG BASE=node:24-slim

FROM ${BASE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Scripts of packages are not run: none of ours needs one, and a hostile one gets no chance.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${BASE}
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Rulebot" \
      org.opencontainers.image.description="A chat bot for RetailCRM / Simla.com chats whose behaviour is written in YAML." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# DATABASE_URL counts when bot.config.yaml has no "storage": so the data is on the volume.
ENV NODE_ENV=production \
    DATABASE_URL=/data/rulebot.db

COPY --from=dependencies /app/node_modules /app/node_modules
COPY package.json LICENSE /app/
COPY schemas /app/schemas
COPY src /app/src
COPY bot.config.yaml /config/
COPY rules /config/rules

# A new volume takes over the owner of this folder.
RUN mkdir /data && chown 1000:1000 /data
VOLUME /data

# The user "node" of the base image, as numbers: Kubernetes can then see that it is not root.
USER 1000:1000
WORKDIR /config
EXPOSE 8080

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

# No shell in between: node is process 1 and gets SIGTERM itself.
ENTRYPOINT ["node", "/app/src/main.ts"]
CMD ["start"]
