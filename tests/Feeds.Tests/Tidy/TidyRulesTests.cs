using Xunit;

namespace Feeds.Tests.Tidy;

/// <summary>The rules find what they are there for, and leave alone what only looks like it.</summary>
public sealed class TidyRulesTests
{
    private const string Engine = "src/Feeds.Engine/A.cs";
    private const string Core = "src/Feeds.Core/A.cs";

    [Theory]
    [InlineData("unbounded", "var c = Channel.CreateUnbounded<int>();")]
    [InlineData("unbounded", "var c = Channel.CreateUnboundedPrioritized<int>();")]
    [InlineData("async-void", "private async void Go() { }")]
    [InlineData("blocking", "var x = task.Result;")]
    [InlineData("blocking", "var x = source.Task.Result + 1;")]
    [InlineData("blocking", "var x = Load().Result;")]
    [InlineData("blocking", "task.Wait(100);")]
    [InlineData("blocking", "task.GetAwaiter()\n    .GetResult();")]
    [InlineData("blocking", "Thread.Sleep(1);")]
    [InlineData("exception", "throw new Exception(message);")]
    [InlineData("clock", "var now = DateTime.UtcNow;")]
    [InlineData("clock", "var now = DateTimeOffset.Now;")]
    [InlineData("chance", "var r = Random.Shared.Next();")]
    [InlineData("chance", "var r = new Random();")]
    [InlineData("configure-await", "await task.ConfigureAwait(false);")]
    public void A_banned_word_is_found_where_it_stands(string rule, string code) =>
        Finds(Engine, rule, 3, $"\n\n{code}\n");

    [Theory]
    [InlineData("core-clock", "TimeProvider clock;")]
    [InlineData("core-clock", "var s = Stopwatch.StartNew();")]
    [InlineData("core-clock", "var t = Environment.TickCount64;")]
    [InlineData("core-chance", "var r = new Random(1);")]
    [InlineData("core-task", "Task Go();")]
    [InlineData("core-task", "ValueTask<int> Go();")]
    [InlineData("core-logger", "ILogger log;")]
    [InlineData("core-io", "using System.IO;")]
    [InlineData("core-io", "var t = File.ReadAllText(path);")]
    [InlineData("core-io", "using var f = new FileStream(path, mode);")]
    [InlineData("core-math", "var x = Math.Log(y);")]
    [InlineData("core-math", "var x = Math.Log10(y);")]
    [InlineData("core-math", "var x = double.Pow(y, 2);")]
    [InlineData("core-math", "var x = Math.Sin(y);")]
    [InlineData("core-math", "var x = Math.FusedMultiplyAdd(a, b, c);")]
    [InlineData("core-math", "var x = Vector512.FusedMultiplyAdd(a, b, c);")]
    public void A_word_banned_in_Core_is_found_there_and_nowhere_else(string rule, string code)
    {
        Finds(Core, rule, 1, code);
        Clean(Engine, code);
    }

    [Theory]
    [InlineData("// DateTime.Now and Thread.Sleep(1) are banned")]
    [InlineData("/* task.Wait()\n async void */ var x = 1;")]
    [InlineData("var x = \"DateTime.Now\" + 'a' + @\"C:\\DateTime.Now\"\"\" + \"\\\"DateTime.Now\";")]
    [InlineData("var x = \"\"\"\n  Thread.Sleep(1) \"\n  \"\"\";")]
    [InlineData("var x = FieldId.Result; var y = new { Result = 1 }; Result(2);")]
    [InlineData("var x = await task; var y = Math.Sqrt(2) + Math.Abs(z); WaitAsync(1);")]
    [InlineData("throw new InvalidOperationException(message);")]
    [InlineData("var r = new Random(seed);")]
    [InlineData("await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);")]
    public void What_only_looks_like_a_banned_word_is_left_alone(string code) => Clean(Engine, code);

    [Fact]
    public void Code_after_a_comment_or_a_literal_is_still_read()
    {
        Finds(Engine, "clock", 2, "// it's\nvar x = '\"'; var now = DateTime.Now;");
        Finds(Engine, "clock", 1, "var x = $\"{a[\"b\"]}\"; var now = DateTime.Now;");
        Finds(Engine, "clock", 2, "/* \" */ var x = \"a\\\\\";\nvar now = DateTime.Now;");
    }

    [Theory]
    [InlineData("Feeds.Core", "Feeds.Actors")]
    [InlineData("Feeds.Actors", "Feeds.Core")]
    [InlineData("Feeds.Parquet", "Feeds.Core")]
    [InlineData("Feeds.Binance", "Feeds.Actors")]
    [InlineData("Feeds.Storage", "Feeds.Binance")]
    [InlineData("Feeds.Engine", "Feeds.Parquet")]
    [InlineData("Feeds.Simulator", "Feeds.Binance")]
    [InlineData("Feeds.Storage", "Feeds")]
    public void An_arrow_that_the_design_does_not_have_is_found(string room, string used)
    {
        Finds(
            $"src/{room}/{room}.csproj", "arrow", 2,
            Project($"<ProjectReference Include=\"../{used}/{used}.csproj\" />"));
        if (used != "Feeds") Finds($"src/{room}/A.cs", "arrow", 1, $"using {used}.Things;");
    }

    [Fact]
    public void The_arrows_of_the_design_are_left_alone()
    {
        Clean(
            "src/Feeds.Engine/Feeds.Engine.csproj",
            Project("<ProjectReference Include=\"..\\Feeds.Actors\\Feeds.Actors.csproj\" />"));
        Clean("src/Feeds.Engine/A.cs", "using Feeds.Actors.Mailboxes;\nusing Feeds.Engine.Symbols;");
        Clean("src/Feeds/A.cs", "using Feeds.Commands;\nusing Feeds.Engine;");
        Clean("src/Feeds.Storage/Feeds.Storage.csproj", Project("<PackageReference Include=\"Npgsql\" />"));
    }

    [Fact]
    public void A_room_that_the_design_does_not_have_is_found() =>
        Finds("src/Feeds.Extras/A.cs", "arrow", 0, "namespace Feeds.Extras;");

    [Theory]
    [InlineData("Feeds.Core", "PackageReference")]
    [InlineData("Feeds.Actors", "FrameworkReference")]
    [InlineData("Feeds.Parquet", "PackageReference")]
    public void A_package_in_a_bare_room_is_found(string room, string reference) =>
        Finds($"src/{room}/{room}.csproj", "package", 2, Project($"<{reference} Include=\"Serilog\" />"));

    [Fact]
    public void Files_and_lines_that_are_too_long_are_found()
    {
        Finds(Engine, "file-length", 401, string.Concat(Enumerable.Repeat("//\n", 401)));
        Clean(Engine, string.Concat(Enumerable.Repeat("//\n", 400)));
        Finds("tests/Feeds.Tests/A.cs", "line-length", 2, "\n//" + new string('x', 119));
        Clean(Engine, "//" + new string('x', 118));
        Finds(Engine, "line-length", 1, $"const string A = \"{new string('x', 57)}\"; //{new string('y', 60)}");
        Clean(Engine, $"const string A = \"{new string('x', 120)}\";");
    }

    [Fact]
    public void A_second_public_type_in_a_file_is_found()
    {
        Finds(Engine, "one-type", 2, "public sealed class A { }\npublic readonly record struct B(int X);");
        Finds(Engine, "one-type", 2, "public enum A { }\npublic delegate int B(int x);");
        Clean(Engine, "public sealed class A\n{\n    public sealed record Nested;\n}\n\ninternal sealed class B { }");
        Clean("tests/Feeds.Tests/A.cs", "public class A { }\npublic class B { }");
    }

    [Fact]
    public void A_file_that_is_not_named_after_its_public_type_is_found()
    {
        Finds(Engine, "file-name", 1, "public static class B { }");
        Clean("src/Feeds.Engine/A.Part.cs", "public sealed partial class A<T> { }");
        Clean(Engine, "public abstract class A<T> { }");
        Clean(Engine, "internal static class B { }");
    }

    [Theory]
    [InlineData("AManager")]
    [InlineData("AHelper")]
    [InlineData("ParseUtils")]
    [InlineData("SymbolInfo")]
    [InlineData("ClockImpl")]
    public void A_type_name_that_says_nothing_is_found(string name) =>
        Finds("tests/Feeds.Tests/A.cs", "type-name", 1, $"internal sealed class {name} {{ }}");

    [Fact]
    public void A_warning_switched_off_without_a_reason_is_found()
    {
        Finds(Engine, "pragma", 2, "/// doc\n#pragma warning disable CA1031");
        Clean(Engine, "    // The reason.\n#pragma warning disable CA1031");
        Finds(Engine, "pragma", 1, "#pragma warning disable CA1031\n#pragma warning restore CA1031");
        Clean(
            Engine,
            "#pragma warning disable CA1031 // Boundary: the supervisor decides.\n#pragma warning restore CA1031");
    }

    [Fact]
    public void A_benchmark_without_memory_or_baseline_is_found()
    {
        const string Path = "tests/Feeds.Benchmarks/ABenchmarks.cs";
        Finds(Path, "benchmark", 0, "public class ABenchmarks { [Benchmark(Baseline = true)] }");
        Finds(Path, "benchmark", 0, "[MemoryDiagnoser] public class ABenchmarks { [Benchmark] }");
        Clean(Path, "[MemoryDiagnoser] public class ABenchmarks { [Benchmark(Baseline = true)] }");
    }

    [Fact]
    public void An_event_id_that_is_missing_or_taken_in_its_room_is_found()
    {
        const string First = "[LoggerMessage(EventId = 7, Level = LogLevel.Information, Message = \"(a)\")]";
        Finds(Engine, "event-id", 2, $"{First}\n[LoggerMessage(7, LogLevel.Error, \"b\")]");
        Finds(Engine, "event-id", 1, "[LoggerMessage(Level = LogLevel.Error, Message = \"b\")]");
        Clean(Engine, $"{First}\n[LoggerMessage(8, LogLevel.Error, \"b\")]");
        Assert.Single(TidyRules.Check([new SourceFile(Engine, First), new SourceFile("src/Feeds.Engine/B.cs", First)]));
        Assert.Empty(TidyRules.Check([new SourceFile(Engine, First), new SourceFile("src/Feeds.Storage/B.cs", First)]));
    }

    [Fact]
    public void A_path_of_the_machine_is_found() =>
        Finds("tests/Feeds.Tests/A.cs", "machine-path", 2, "\nvar path = \"/" + "tmp/x\";");

    [Fact]
    public void A_finding_prints_as_path_line_and_what_to_do() =>
        Assert.Equal(
            "src/Feeds.Engine/A.cs:1: Thread.Sleep: wait for a condition, or on a TimeProvider [blocking]",
            Assert.Single(Check(Engine, "Thread.Sleep(1);")).ToString());

    [Fact]
    public void An_exception_covers_its_file_or_folder_and_its_rule_alone()
    {
        var finding = new Finding("src/a/B.cs", 1, "rule", "what");
        Assert.True(new TidyException("src/a/B.cs", "rule", "reason").Covers(finding));
        Assert.True(new TidyException("src/a/", "rule", "reason").Covers(finding));
        Assert.False(new TidyException("src/a", "rule", "reason").Covers(finding));
        Assert.False(new TidyException("src/a/", "other", "reason").Covers(finding));
    }

    private static string Project(string item) => $"<Project>\n{item}\n</Project>";

    private static IReadOnlyList<Finding> Check(string path, string text) =>
        TidyRules.Check([new SourceFile(path, text)]);

    private static void Finds(string path, string rule, int line, string text)
    {
        var finding = Assert.Single(Check(path, text));
        Assert.Equal((path, rule, line), (finding.Path, finding.Rule, finding.Line));
    }

    private static void Clean(string path, string text) => Assert.Empty(Check(path, text));
}
