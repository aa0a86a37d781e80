# One image per service, from one build: docker build --target ingest|processor|api .

FROM node:24-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY core/package.json core/
COPY ingest/package.json ingest/
COPY processor/package.json processor/
COPY api/package.json api/
COPY visualizer/package.json visualizer/
COPY simulator/package.json simulator/

FROM manifests AS build
RUN npm ci --include=dev --loglevel=error
COPY . .
RUN node scripts/build.mjs

# What the services import when they run; the map is bundled whole and needs none of its packages.
FROM manifests AS packages
RUN npm ci --omit=dev --workspace=core --workspace=ingest --workspace=processor --workspace=api --loglevel=error

FROM node:24-slim AS runtime
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=packages /app ./
USER node

FROM runtime AS ingest
COPY --from=build /app/ingest/dist ingest/dist
EXPOSE 8080
CMD ["node", "--enable-source-maps", "ingest/dist/main.js"]

FROM runtime AS processor
COPY --from=build /app/processor/dist processor/dist
EXPOSE 8082
CMD ["node", "--enable-source-maps", "processor/dist/main.js"]

FROM runtime AS api
COPY --from=build /app/api/dist api/dist
COPY --from=build /app/visualizer/dist visualizer/dist
EXPOSE 8081
CMD ["node", "--enable-source-maps", "api/dist/main.js"]
