using System.Text.RegularExpressions;
using Xunit;

namespace Feeds.Tests.Storage.Schema;

public sealed partial class SqlTextTests
{
    [Fact]
    public void No_text_of_SQL_is_interpolated()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Feeds.sln"))) root = Path.GetDirectoryName(root)!;
        string[] found =
        [
            .. Directory.EnumerateFiles(Path.Combine(root, "src", "Feeds.Storage"), "*.cs", SearchOption.AllDirectories)
                .Where(file => Interpolated().IsMatch(File.ReadAllText(file)))
                .Select(file => Path.GetRelativePath(root, file)),
        ];
        Assert.Empty(found);
        Assert.Matches(Interpolated(), "$\"DROP TABLE {name}\"");
        Assert.Matches(Interpolated(), "$\"\"\"\n    SELECT a FROM {name}\n    \"\"\"");
        Assert.DoesNotMatch(Interpolated(), "\"DROP TABLE \" + SqlName.Quote(name)");
    }

    [GeneratedRegex(
        """\$"{1,3}\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|COPY|ALTER TABLE|CREATE|DROP|WITH|SET|LISTEN)\b""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Interpolated();
}
