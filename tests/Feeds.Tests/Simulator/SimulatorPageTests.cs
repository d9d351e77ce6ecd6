using Feeds.Simulator.Faults;
using Xunit;

namespace Feeds.Tests.Simulator;

/// <summary>The page about the simulator says what is true.</summary>
public sealed class SimulatorPageTests
{
    [Fact]
    public void Every_kind_of_fault_has_its_line()
    {
        string page = Page();
        foreach (string kind in Enum.GetNames<FaultKind>().Skip(1))
        {
            Assert.Contains($"`{kind}`", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_script_on_the_page_can_be_read()
    {
        string page = Page();
        int from = page.IndexOf("```json", StringComparison.Ordinal) + 7;
        IReadOnlyList<Fault> faults = FaultScript.Parse(
            page[from..page.IndexOf("```", from, StringComparison.Ordinal)]);
        Assert.Equal(5, faults.Count);
        Assert.Equal(FaultKind.TooManyRequests, faults[4].Kind);
    }

    private static string Page()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Feeds.sln")))
        {
            folder = folder.Parent;
        }

        return File.ReadAllText(Path.Combine(folder!.FullName, "docs", "simulator.md"));
    }
}
