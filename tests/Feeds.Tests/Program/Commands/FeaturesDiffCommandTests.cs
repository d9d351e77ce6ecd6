using System.CommandLine;
using System.Text.Json;
using Feeds.Commands;
using Feeds.Configuration;
using Feeds.Core.Catalogue;
using Feeds.Core.Symbols;
using Feeds.Parquet.Writing;
using Feeds.Storage.Replay;
using Feeds.Storage.Sinks;
using Feeds.Tests.Engine;
using Xunit;

namespace Feeds.Tests.Program.Commands;

/// <summary>Feature rows of a node: its journal against the Parquet files that it wrote.</summary>
public sealed class FeaturesDiffCommandTests
{
    [Fact]
    public async Task Rows_of_the_Parquet_files_are_those_of_the_journal_and_a_changed_cell_is_named()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            ["BTCUSDT", "ETHUSDT"], node: static options => options with
            {
                Features = true,
                ParquetPath = Path.Combine(options.DataDirectory, "lake"),
            });
        await fixture.UntilHealthyAsync();
        await fixture.RunAsync(20);
        await fixture.StopNodeAsync();
        string lake = Path.Combine(fixture.Folder, "lake");
        IReadOnlyDictionary<Feeds.Core.Market.Symbol, List<FeatureRow>> stored = FeatureRowSource.OfParquet(lake, null);
        int rows = stored.Values.Sum(static each => each.Count);
        Assert.True(rows > 40, $"{rows} rows");

        (int code, string output) = await DiffAsync(fixture.Folder, lake);
        Assert.Equal(
            (0, $"identical: {rows} rows, different: 0, only in the first: 0, only in the second: 0"), (code, output));
        (code, output) = await VerifyAsync(fixture.Folder, lake);
        Assert.True(code == 0, output);
        Assert.Contains($"feature rows: identical: {rows} rows", output, StringComparison.Ordinal);
        (code, output) = await DiffAsync(fixture.Folder, lake, "--symbols", "ETHUSDT");
        Assert.Equal(0, code);
        Assert.StartsWith(
            $"identical: {stored[Feeds.Core.Market.Symbol.Parse("ETHUSDT")].Count} rows", output,
            StringComparison.Ordinal);

        // The same rows but for one value, and one row less.
        FeatureRow[] all = [.. stored.Values.SelectMany(static each => each).OrderBy(static row => row.Time).ThenBy(
            static row => row.Symbol)];
        double[] values = all[7].Values.ToArray();
        int column = Array.FindIndex(values, static value => !double.IsNaN(value));
        values[column] = Math.BitIncrement(values[column]);
        all[7] = new FeatureRow(all[7].Time, all[7].Symbol, values);
        string changed = Directory.EnumerateFiles(lake, "*.parquet", SearchOption.AllDirectories).First();
        foreach (string other in Directory.EnumerateFiles(lake, "*.parquet", SearchOption.AllDirectories).ToArray())
            File.Delete(other);
        await using (FileStream file = File.Create(changed))
        using (ParquetFileWriter writer = ParquetFileWriter.Create(file, FeatureRowTable.Schema))
        {
            writer.AddMetadata("catalogue_version", FormattableString.Invariant($"{FeatureCatalogue.Version}"));
            FeatureRowTable.WriteGroup(writer, [.. all.SkipLast(1)]);
            writer.Finish();
        }

        (code, output) = await DiffAsync(fixture.Folder, lake, "--json");
        JsonElement said = JsonDocument.Parse(output).RootElement;
        Assert.Equal(1, code);
        Assert.Equal((rows - 2, 1, 1), (
            said.GetProperty("identical").GetInt32(), said.GetProperty("different").GetInt32(),
            said.GetProperty("only_first").GetInt32()));
        Assert.Equal(
            FeatureCatalogue.Golden.Columns[column], said.GetProperty("first").GetProperty("column").GetString());
        Assert.Equal(all[7].Symbol.Text, said.GetProperty("first").GetProperty("symbol").GetString());
        (code, output) = await VerifyAsync(fixture.Folder, lake);
        Assert.Equal(1, code);
        Assert.Contains($"column {FeatureCatalogue.Golden.Columns[column]}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_holds_no_rows_is_refused_in_one_line()
    {
        DirectoryInfo empty = Directory.CreateTempSubdirectory("feeds-empty-");
        ConfigurationException refused = await Assert.ThrowsAsync<ConfigurationException>(
            () => DiffAsync(empty.FullName, empty.FullName));
        Assert.Contains(
            "neither a data folder with a journal nor a Parquet file", Assert.Single(refused.Errors),
            StringComparison.Ordinal);
        empty.Delete();
    }

    private static Task<(int Code, string Output)> DiffAsync(params string[] args) =>
        RunAsync(new FeaturesDiffCommand(), args);

    private static Task<(int Code, string Output)> VerifyAsync(string folder, string lake) =>
        RunAsync(new ReplayCommand(), ["--data-dir", folder, "--verify", "--parquet", lake]);

    private static async Task<(int Code, string Output)> RunAsync(Command command, string[] args)
    {
        await using StringWriter output = new() { NewLine = "\n" };
        await using StringWriter error = new() { NewLine = "\n" };
        int code = await command.Parse(args).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return (code, output.ToString().TrimEnd() + error);
    }
}
