using Xunit;

namespace Feeds.Tests.Tidy;

/// <summary>Reads every source of the house once and says what is not as the house wants it.</summary>
public sealed class TidyTests
{
    [Fact]
    public void The_house_is_tidy()
    {
        var findings = TidyRules.Check(SourceFile.ReadAll(Root()));
        var open = findings.Where(
            finding => !TidyExceptions.All.Any(exception => exception.Covers(finding))).ToArray();
        Assert.True(open.Length == 0, $"{open.Length} findings\n" + string.Join('\n', open.Select(each => $"{each}")));
        var idle = TidyExceptions.All.Where(
            exception => !findings.Any(exception.Covers)).ToArray();
        Assert.True(idle.Length == 0, "Not needed any more: " + string.Join('\n', idle.Select(each => $"{each}")));
    }

    [Fact]
    public void The_sources_are_found()
    {
        var files = SourceFile.ReadAll(Root());
        Assert.Contains(files, file => file.Path == "src/Feeds.Core/Feeds.Core.csproj");
        Assert.Contains(files, file => file.Path == "tests/Feeds.Tests/Tidy/TidyTests.cs");
        Assert.DoesNotContain(files, file => file.Path.Contains("/obj/", StringComparison.Ordinal));
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Feeds.sln"))) return folder.FullName;
        throw new FileNotFoundException("Feeds.sln is not in any folder above the tests.");
    }
}
