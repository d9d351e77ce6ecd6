using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Feeds.System.Tests.Program;

/// <summary>The built program as a process of its own, in a folder of its own.</summary>
internal sealed class FeedsProgram : IAsyncDisposable
{
    public const int SigInt = 2;
    public const int SigTerm = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FeedsProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Keep(_output, e.Data);
        process.ErrorDataReceived += (_, e) => Keep(_errors, e.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    /// <summary>The process.</summary>
    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts the program.</summary>
    /// <param name="folder">Its working folder.</param>
    /// <param name="environment">Variables to set; ours that are set here are taken away.</param>
    /// <param name="arguments">Its words.</param>
    public static FeedsProgram Start(
        string folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [BuiltProgram(), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (((string)variable.Key).StartsWith("FEEDS__", StringComparison.OrdinalIgnoreCase))
                start.Environment.Remove((string)variable.Key);
        }
        start.Environment.Remove("COLUMNS");
        foreach ((string name, string value) in environment
            ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new FeedsProgram(new Process { StartInfo = start });
    }

    /// <summary>Runs the program to its end and returns exit code, output and errors.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(
        string folder, params string[] arguments)
    {
        await using FeedsProgram program = Start(folder, null, arguments);
        int code = await program.EndAsync();
        return (code, program.Output, program.Errors);
    }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> EndAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until the output has a text, and returns the output.</summary>
    public async Task<string> UntilAsync(string text)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            Task more;
            lock (_output)
            {
                if (_output.ToString() is { } output && output.Contains(text, StringComparison.Ordinal)) return output;
                more = _more.Task;
            }
            if (await Task.WhenAny(more, _process.WaitForExitAsync(patience.Token)) != more)
                throw new InvalidOperationException($"'{text}' did not come. Output: {Output} Errors: {Errors}");
        }
    }

    public void Signal(int signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
        if (kill.ExitCode != 0) throw new InvalidOperationException("the signal could not be sent");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string BuiltProgram()
    {
        DirectoryInfo configuration = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(configuration.Parent!.Parent!.FullName, "Feeds", configuration.Name, "Feeds.dll");
    }

    private void Keep(StringBuilder text, string? line)
    {
        if (line is null) return;
        TaskCompletionSource told;
        lock (_output)
        {
            text.Append(CultureInfo.InvariantCulture, $"{line}\n");
            told = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        told.SetResult();
    }

    private string Text(StringBuilder text)
    {
        lock (_output) return text.ToString();
    }
}
