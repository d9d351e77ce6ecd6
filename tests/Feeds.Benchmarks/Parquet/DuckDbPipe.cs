using System.Diagnostics;
using System.Text.Json;

namespace Feeds.Benchmarks.Parquet;

/// <summary>A DuckDB that waits in a process of its own and tells how long each statement took it.</summary>
internal sealed class DuckDbPipe : IDisposable
{
    private const string Package = "@duckdb/node-api@1.5.6-r.1";

    private readonly Process _process;

    public DuckDbPipe()
    {
        var home = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.Create),
            "feeds-tests",
            "duckdb-1.5.6-r.1");
        if (!Directory.Exists(Path.Combine(home, "node_modules", "@duckdb", "node-api"))) Install(home);
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Feeds.sln"))) folder = folder.Parent;
        if (folder is null) throw new FileNotFoundException("Run this from within the repository.");
        var script = Path.Combine(folder.FullName, "tests", "Feeds.Benchmarks", "Parquet", "duckdb-bench.mjs");
        _process = Process.Start(new ProcessStartInfo("node", [script, home])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Runs a statement; milliseconds by DuckDB's own clock, and the first row.</summary>
    public (double Ms, string[] Row) Run(string sql)
    {
        _process.StandardInput.WriteLine(sql);
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine() ?? throw new IOException("DuckDB is gone.");
        var answer = JsonDocument.Parse(line).RootElement;
        var row = answer.GetProperty("row").EnumerateArray().Select(v => v.ToString()).ToArray();
        var ms = answer.GetProperty("ms").GetDouble();
        return ms >= 0 ? (ms, row) : throw new InvalidOperationException(row[0]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static void Install(string home)
    {
        Directory.CreateDirectory(home);
        File.WriteAllText(Path.Combine(home, "package.json"), "{}");
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        using var install = Process.Start(npm, ["install", "--no-audit", "--no-fund", "--prefix", home, Package]);
        install.WaitForExit();
        if (install.ExitCode != 0) throw new IOException("npm could not install DuckDB.");
    }
}
