namespace Feeds.Storage.Files;

/// <summary>
/// The few things that storage asks of a file system, as a seam: tests put one behind it that fails, tears and forgets.
/// Failures are <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>, as the framework throws them.
/// </summary>
internal interface IFileSystem
{
    /// <summary>
    /// Opens a file for reading and writing; <paramref name="mode"/> is CreateNew, Open or OpenOrCreate.
    /// </summary>
    IStoredFile Open(string path, FileMode mode);

    /// <summary>Opens a file for reading; a writer may be at work on it.</summary>
    IStoredFile OpenRead(string path);

    /// <summary>
    /// Takes the lock of a file, which is made when absent, until disposed. Throws when another holds it.
    /// </summary>
    IDisposable Lock(string path);

    /// <summary>True when the file exists.</summary>
    bool Exists(string path);

    /// <summary>The length of a file; −1 when there is none.</summary>
    long LengthOf(string path);

    /// <summary>
    /// The full paths of the files in a folder, in ordinal order; none when the folder does not exist.
    /// </summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>
    /// The full paths of the folders in a folder, in ordinal order; none when the folder does not exist.
    /// </summary>
    IReadOnlyList<string> ListFolders(string folder);

    /// <summary>Makes a folder and its parents.</summary>
    void CreateFolder(string folder);

    /// <summary>Gives a file another name in the same folder; a file of that name is replaced.</summary>
    void Move(string from, string to);

    /// <summary>Deletes a file; nothing happens when there is none.</summary>
    void Delete(string path);

    /// <summary>Returns when the names in a folder are on the disk.</summary>
    void FlushFolder(string folder);

    /// <summary>Bytes that can still be written on the disk of a folder.</summary>
    long FreeBytes(string folder);
}
