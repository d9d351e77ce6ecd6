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

    private static readonly Lazy<string?> Missing = new(Install);

    private static string Home => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.Create),
        "feeds-tests",
        "duckdb-" + Version);

    /// <summary>Skips the test where Node or the package is not to be had; on the build server that is a
    /// failure.</summary>
    public static void Require()
    {
        if (Missing.Value is not { } reason) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(reason);
        Assert.Skip(reason);
    }

    /// <summary>Runs a command of <c>duckdb.mjs</c> on a folder.</summary>
    public static void Run(string command, string folder)
    {
        var (exit, output) = Execute("node", [Script(), Home, command, folder], RunTimeout);
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

    private static string? Install()
    {
        try
        {
            if (Execute("node", ["--version"], RunTimeout).Exit != 0) return "Node does not run here.";
            Directory.CreateDirectory(Home);
            if (Directory.Exists(Path.Combine(Home, "node_modules", "@duckdb", "node-api"))) return null;
            File.WriteAllText(Path.Combine(Home, "package.json"), "{}");
            var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
            var (exit, output) = Execute(npm,
                ["install", "--no-audit", "--no-fund", "--prefix", Home, $"{Package}@{Version}"], InstallTimeout);
            return exit == 0 ? null : $"npm could not install {Package}: {output}";
        }
        catch (global::System.ComponentModel.Win32Exception e)
        {
            return "Node or npm is not installed: " + e.Message;
        }
    }

    private static (int Exit, string Output) Execute(string program, string[] arguments, TimeSpan timeout)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(timeout))
        {
            process.Kill(true);
            return (-1, $"{program} did not end within {timeout}.");
        }

        return (process.ExitCode, string.Concat(output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult()));
    }

    /// <summary>A table as DuckDB sees it: one canonical text per value, null where it is missing.</summary>
    public sealed record Dump(string[] Names, string[] Types, int Rows, string?[][] Columns);
}
