# Node's own image; the major version is the one that package.json asks for.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Scripts of packages are not run: the image has the right Node already, and nothing else needs one.
# Source maps and type declarations are more than half of what comes, and nothing here reads them.
RUN npm ci --omit=dev --ignore-scripts \
 && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM node:24-bookworm-slim
ENV NODE_ENV=production PORT=3978 DRILLBOOK_DATA=/data DRILLBOOK_RUNBOOKS=/app/runbooks
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY bin bin
COPY runtime runtime
COPY src src
COPY verifiers verifiers
COPY runbooks runbooks
COPY scenarios scenarios
COPY catalog catalog
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3978
HEALTHCHECK --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Node itself is process 1, so that SIGTERM reaches it.
CMD ["node", "bin/drillbook.mjs", "start"]
