using System.Text.Json;
using Xunit;

namespace Feeds.System.Tests.Program;

/// <summary>The same program makes the same rows whatever the runtime does with the processor.</summary>
public sealed class FeatureBitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_bits_do_not_depend_on_tiers_or_vector_units()
    {
        (string expected, string[] all) = await HashAsync();
        Assert.Equal(16, expected.Length);
        foreach ((string[] off, string[] gone) in ((string[], string[])[])
        [
            (["TieredPGO"], []),
            (["TieredCompilation"], []),
            (["EnableFMA"], ["fma"]),
            (["EnableAVX2", "EnableAVX512F", "EnableAVX512"], ["avx2", "avx512f"]),
            (["EnableAVX"], ["avx", "avx2", "fma", "avx512f"]),
            (["EnableHWIntrinsic"], all),
        ])
        {
            (string hash, string[] instructions) = await HashAsync(off);
            Assert.Equal((string.Join(',', off), expected), (string.Join(',', off), hash));

            // The switch did something: other instructions made the same bits.
            Assert.Empty(instructions.Intersect(gone));
        }
    }

    private async Task<(string Hash, string[] Instructions)> HashAsync(params string[] off)
    {
        await using FeedsProgram program = FeedsProgram.Start(
            _folder.Path,
            off.ToDictionary(static name => $"DOTNET_{name}", static _ => "0"),
            "bench", "features", "--symbols", "3", "--seconds", "310", "--json");
        Assert.Equal(0, await program.EndAsync());
        JsonElement result = JsonDocument.Parse(program.Output).RootElement;
        Assert.InRange(result.GetProperty("known").GetInt32(), 65, 78);
        return (result.GetProperty("hash").GetString()!,
            result.GetProperty("instructions").GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
