using Auditor.Model;

namespace Auditor.Adapters.Exports;

/// <summary>What reading exported files gave.</summary>
/// <param name="Build">The estate with its counts.</param>
/// <param name="Files">Files whose content counts.</param>
/// <param name="Skipped">Files of a folder that hold something else, such as a README.</param>
/// <param name="Problems">One sentence each, naming file and line.</param>
public sealed record ExportResult(EstateBuild Build, int Files, int Skipped, long Bytes, ValueList<string> Problems)
{
    public Estate Estate => Build.Estate;

    /// <summary>Whether anything of a modelled kind was found.</summary>
    public bool HasResources => Build.Counts.Count > 0;
}

/// <summary>How far the reading is.</summary>
/// <param name="File">The file being read.</param>
/// <param name="Bytes">Read so far, over all files.</param>
/// <param name="TotalBytes">Of all files, as they lie on disk.</param>
/// <param name="Resources">Resources of modelled kinds found so far.</param>
public sealed record ExportProgress(string File, long Bytes, long TotalBytes, int Resources);
