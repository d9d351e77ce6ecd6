using Feeds.Storage;
using Feeds.Storage.Files;
using Xunit;

namespace Feeds.Tests.Storage.Files;

public sealed class FolderLocksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_one_holders_at_a_time_and_free_again_after_it()
    {
        string folder = _folder.At("data");
        using (FolderLocks.Take(folder))
        {
            var refused = Assert.Throws<StorageLockedException>(() => FolderLocks.Take(folder));
            Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
        }

        FolderLocks.Take(folder).Dispose();
    }
}
