using System.Text.RegularExpressions;

namespace Feeds.Tests.Tidy;

/// <summary>Words that must not stand in code, where they must not, and what to use instead.</summary>
internal static class BannedWords
{
    private const string Clocks = @"\bDateTime(Offset)?\.(Now|UtcNow|Today)\b";

    private static readonly Word[] Words =
    [
        Everywhere(
            "unbounded", @"\bCreateUnbounded\w*\b",
            "an unbounded channel: use Channel.CreateBounded and say what waits"),
        Everywhere("async-void", @"\basync\s+void\b", "async void: return a Task"),
        // A name with a capital and nothing before it is a type: its Result is a constant and not a task's.
        Everywhere("blocking", @"(?<!(?<![.\w])[A-Z]\w*)\.Result\b(?!\s*[({=])", ".Result blocks: await"),
        Everywhere("blocking", @"\.Wait\(", ".Wait( blocks: await"),
        Everywhere("blocking", @"\.GetAwaiter\(\)\s*\.GetResult\(\)", ".GetAwaiter().GetResult() blocks: await"),
        Everywhere("blocking", @"\bThread\.Sleep\b", "Thread.Sleep: wait for a condition, or on a TimeProvider"),
        Everywhere(
            "exception", @"\bthrow\s+new\s+(System\.)?Exception\(",
            "throw new Exception: throw a FeedsException that says what"),
        Everywhere("clock", Clocks, "the clock of the machine: take a TimeProvider by constructor"),
        InSource(
            "chance", @"\bRandom\.Shared\b|\bnew\s+Random\(\)",
            "chance without a seed: take a seeded Random by constructor"),
        InSource(
            "certificate", @"\b\w*(Server|Remote|Client)Certificate\w*(Validat|Callback)\w*",
            "a certificate that is judged by us: the system's judgement holds, or there is no connection"),
        InSource(
            "configure-await", @"\.ConfigureAwait\((?!ConfigureAwaitOptions\.SuppressThrowing\))",
            "ConfigureAwait: there is no context to leave"),
        InCore(
            "core-clock", @"\bTimeProvider\b|\bStopwatch\b|\bEnvironment\.TickCount",
            "a clock in Core: time is an event"),
        InCore("core-chance", @"\bRandom\b", "chance in Core: it is a pure fold"),
        InCore("core-task", @"\b(Value)?Task\b|\basync\b|\bThread\b", "a task or thread in Core: it is a pure fold"),
        InCore(
            "core-logger", @"\bILogger\b|\bLoggerMessage\b|\bConsole\b",
            "a logger in Core: return what happened as a value"),
        InCore(
            "core-io", @"\bSystem\.(IO|Net)\b|\b(File|Directory)\.\w|\bFile(Stream|Info)\b|\bStream(Reader|Writer)\b",
            "input or output in Core: it belongs to Storage"),
        InCore(
            "core-math",
            @"\b(Math|MathF|double|Double|float)\.(A?(Sin|Cos|Tan)h?|Atan2|SinCos|Log\w*|Exp\w*|Pow|Cbrt)\b",
            "bits of this differ between machines: use the deterministic functions of Core's Numerics"),
        InCore(
            "core-math", @"\bFusedMultiplyAdd\b|\bMultiplyAddEstimate\b",
            "a fused multiply-add rounds once: multiply, then add"),
    ];

    public static IEnumerable<Finding> Check(SourceFile file)
    {
        if (!file.IsCode) yield break;
        foreach (var word in Words)
        {
            if (!word.Applies(file)) continue;
            foreach (Match match in word.Pattern.Matches(file.Code))
                yield return new Finding(file.Path, file.LineAt(match.Index), word.Rule, word.What);
        }
    }

    private static Word Everywhere(string rule, string pattern, string what) =>
        new(rule, new Regex(pattern, RegexOptions.CultureInvariant), what, static _ => true);

    private static Word InSource(string rule, string pattern, string what) =>
        new(rule, new Regex(pattern, RegexOptions.CultureInvariant), what, static file => file.InSource);

    private static Word InCore(string rule, string pattern, string what) =>
        new(
            rule, new Regex(pattern, RegexOptions.CultureInvariant), what,
            static file => file.Path.StartsWith("src/Feeds.Core/", StringComparison.Ordinal));

    private sealed record Word(string Rule, Regex Pattern, string What, Func<SourceFile, bool> Applies);
}
