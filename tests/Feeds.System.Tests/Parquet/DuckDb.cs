using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Feeds.System.Tests.Parquet;

/// <summary>Runs DuckDB, through Node, beside the tests; installed once into the user's cache folder.</summary>
public sealed class DuckDb
{
    private const string Package = "@duckdb/node-api";
    private const string Version = "1.5.6-r.1";

    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan RunTimeout = TimeSpan.FromMinutes(10);

    private static readonly Lazy<Task<string?>> Missing = new(InstallAsync);

    private static string Home => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.Create),
        "feeds-tests",
        "duckdb-" + Version);

    /// <summary>Skips the test where Node or the package is not to be had; on the build server that is a
    /// failure.</summary>
    public static async Task RequireAsync()
    {
        if (await Missing.Value is not { } reason) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(reason);
        Assert.Skip(reason);
    }

    /// <summary>Runs a command of <c>duckdb.mjs</c> on a folder.</summary>
    public static async Task RunAsync(string command, string folder)
    {
        var (exit, output) = await ExecuteAsync("node", [Script(), Home, command, folder], RunTimeout);
        Assert.True(exit == 0, output);
    }

    /// <summary>Reads what the script wrote about one file.</summary>
    public static Dump Load(string path) => JsonSerializer.Deserialize<Dump>(
        File.ReadAllText(path), JsonSerializerOptions.Web)!;

    private static string Script()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Feeds.sln"))) folder = folder.Parent;
        Assert.NotNull(folder);
        return Path.Combine(folder.FullName, "tests", "Feeds.System.Tests", "Parquet", "duckdb.mjs");
    }

    private static async Task<string?> InstallAsync()
    {
        try
        {
            if ((await ExecuteAsync("node", ["--version"], RunTimeout)).Exit != 0) return "Node does not run here.";
            Directory.CreateDirectory(Home);
            if (Directory.Exists(Path.Combine(Home, "node_modules", "@duckdb", "node-api"))) return null;
            await File.WriteAllTextAsync(Path.Combine(Home, "package.json"), "{}");
            var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
            var (exit, output) = await ExecuteAsync(npm,
                ["install", "--no-audit", "--no-fund", "--prefix", Home, $"{Package}@{Version}"], InstallTimeout);
            return exit == 0 ? null : $"npm could not install {Package}: {output}";
        }
        catch (global::System.ComponentModel.Win32Exception e)
        {
            return "Node or npm is not installed: " + e.Message;
        }
    }

    private static async Task<(int Exit, string Output)> ExecuteAsync(
        string program, string[] arguments, TimeSpan timeout)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        using CancellationTokenSource patience = new(timeout);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(true);
            return (-1, $"{program} did not end within {timeout}.");
        }

        return (process.ExitCode, await output + await error);
    }

    /// <summary>A table as DuckDB sees it: one canonical text per value, null where it is missing.</summary>
    public sealed record Dump(string[] Names, string[] Types, int Rows, string?[][] Columns);
}
