# A thin list of dotnet commands: ./build.ps1 [build|test|format|demo|bench]
param([string] $Task = 'build')
$ErrorActionPreference = 'Stop'
switch ($Task) {
    'build'  { dotnet build Feeds.sln -c Release }
    'test'   { dotnet test Feeds.sln -c Release }
    'format' { dotnet format Feeds.sln --verify-no-changes }
    'demo'   { dotnet run -c Release --project src/Feeds -- demo }
    'bench'  { dotnet run -c Release --project tests/Feeds.Benchmarks -- --filter '*' }
    default  { Write-Error "Unknown task '$Task': build, test, format, demo or bench" }
}
exit $LASTEXITCODE
