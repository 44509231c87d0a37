using System.CommandLine;
using DeconvNet.Datasets;

namespace Samples;

/// <summary>The options that name a data set: an image set of PASCAL VOC, a folder of photos and masks, or a COCO file.</summary>
internal sealed class DataOptions
{
    private readonly Option<string> kind = new("--data") { Description = "Kind of data set: voc, folder or coco.", DefaultValueFactory = _ => "voc" };
    private readonly Option<string?> voc = new("--voc") { Description = "The VOC2012 folder (voc): it holds JPEGImages, SegmentationClass and ImageSets." };
    private readonly Option<string?> folder = new("--folder") { Description = "The folder with images, masks and classes.txt, or an export of CVAT or labelme (folder)." };
    private readonly Option<string?> list = new("--list") { Description = "A text file in the folder with the ids of the images to use, one per line, such as train.txt (folder). Default: all." };
    private readonly Option<string?> annotations = new("--annotations") { Description = "COCO instances JSON (coco)." };
    private readonly Option<string?> photos = new("--photos") { Description = "The folder of the photos named in the JSON (coco)." };
    private readonly Option<string[]> classes = new("--classes") { Description = "Class names, background first; voc alone selects VOC's classes in a COCO file. Default: those of the data set.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
    private readonly Option<string> set;

    public DataOptions(string usualSet)
    {
        kind.AcceptOnlyFromAmong("voc", "folder", "coco");
        set = SharedOptions.ImageSet(usualSet);
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[kind, voc, set, folder, list, annotations, photos, classes])
            command.Options.Add(option);
    }

    /// <summary>Opens the data set.</summary>
    /// <exception cref="ArgumentException">The option that names it is missing.</exception>
    public ISegmentationDataset Open(ParseResult arguments, CancellationToken cancellationToken)
    {
        string[] names = arguments.GetRequiredValue(classes);
        return arguments.GetRequiredValue(kind) switch
        {
            "folder" => new FolderDataset(Required(folder), new FolderDatasetOptions { ClassNames = names.Length == 0 ? null : names, List = arguments.GetValue(list) }),
            "coco" => new CocoDataset(
                Required(annotations), Required(photos), names is ["voc"] ? CocoDatasetOptions.Voc : new CocoDatasetOptions { ClassNames = names.Length == 0 ? null : names }, cancellationToken: cancellationToken),
            _ => new VocDataset(Required(voc), arguments.GetRequiredValue(set)),
        };

        string Required(Option<string?> option) => arguments.GetValue(option) ?? throw new ArgumentException($"{option.Name} is needed for --data {arguments.GetRequiredValue(kind)}.");
    }
}
