# One image for every role; the command line says which: docker run distnet node --roles worker --join coordinator:4053 ...
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# Packages first: they change seldom, and this layer stays while they do not.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig BannedSymbols.txt ./
COPY src/DistNet.Neural/DistNet.Neural.csproj src/DistNet.Neural/
COPY src/DistNet.Protocol/DistNet.Protocol.csproj src/DistNet.Protocol/
COPY src/DistNet.Actors/DistNet.Actors.csproj src/DistNet.Actors/
COPY src/DistNet/DistNet.csproj src/DistNet/
RUN dotnet restore src/DistNet/DistNet.csproj --use-current-runtime -p:PublishReadyToRun=true

COPY cluster-config cluster-config
COPY data/lessons data/lessons
COPY src src
# The libraries are compiled here instead of in each container that starts: six of them on two cores make their first step in two thirds of the time.
RUN dotnet publish src/DistNet/DistNet.csproj --configuration Release --no-restore --use-current-runtime --self-contained false \
    -p:PublishReadyToRun=true --output /app

FROM mcr.microsoft.com/dotnet/runtime:10.0
# Volumes that are mounted here begin with this owner, so that the program need not run as root to write to them.
RUN mkdir -p /distnet/runs /distnet/secret /distnet/cache && chown -R "$APP_UID:$APP_UID" /distnet
COPY data/mnist /app/data/mnist
COPY containers/ready.sh /app/ready.sh
COPY --from=build /app /app
ENV PATH="/app:${PATH}" DISTNET_HEALTH_PORT=4055 DISTNET_CACHE=/distnet/cache
USER $APP_UID
WORKDIR /distnet
# 4053 messages, 4054 tensors, 4055 health.
EXPOSE 4053 4054 4055
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["bash", "/app/ready.sh"]
ENTRYPOINT ["distnet"]
CMD ["--help"]
