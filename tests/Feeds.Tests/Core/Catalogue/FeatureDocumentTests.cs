using Feeds.Core.Catalogue;
using Xunit;

namespace Feeds.Tests.Core.Catalogue;

public sealed class FeatureDocumentTests
{
    [Fact]
    public void The_page_in_docs_is_up_to_date()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Feeds.sln")))
        {
            folder = folder.Parent;
        }

        string page = File.ReadAllText(Path.Combine(folder!.FullName, "docs", "features.md")).ReplaceLineEndings("\n");
        Assert.True(
            string.Equals(FeatureDocument.Markdown(), page, StringComparison.Ordinal),
            "docs/features.md is not what the catalogue says: feeds features document > docs/features.md");
    }

    [Theory]
    [InlineData(0, "none")]
    [InlineData(61, "61 min")]
    [InlineData(1250, "20.8 h")]
    [InlineData(72_000, "50 d")]
    public void A_warm_up_is_written_for_people(int minutes, string text) =>
        Assert.Equal(text, FeatureDocument.WarmUp(minutes));
}
