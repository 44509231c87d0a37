using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

public sealed partial record ColorMap
{
    /// <summary>PASCAL VOC's 21 classes, with the color of the outlines as void.</summary>
    public static ColorMap Voc { get; } = new(
        VocClasses.Names.Select((name, id) => new ClassColor(name, VocPalette.Color((byte)id))), [VocPalette.Color(LabelMap.Void)]);

    /// <summary>
    /// The 19 evaluation classes of Cityscapes in the order of their train ids, for its <c>_gtFine_color.png</c> masks; the other colors are void. Class 0 is
    /// road, since Cityscapes has no background.
    /// </summary>
    public static ColorMap Cityscapes { get; } = new(
        [
            new("road", new(128, 64, 128)), new("sidewalk", new(244, 35, 232)), new("building", new(70, 70, 70)), new("wall", new(102, 102, 156)),
            new("fence", new(190, 153, 153)), new("pole", new(153, 153, 153)), new("traffic light", new(250, 170, 30)), new("traffic sign", new(220, 220, 0)),
            new("vegetation", new(107, 142, 35)), new("terrain", new(152, 251, 152)), new("sky", new(70, 130, 180)), new("person", new(220, 20, 60)),
            new("rider", new(255, 0, 0)), new("car", new(0, 0, 142)), new("truck", new(0, 0, 70)), new("bus", new(0, 60, 100)),
            new("train", new(0, 80, 100)), new("motorcycle", new(0, 0, 230)), new("bicycle", new(119, 11, 32)),
        ],
        [
            new(0, 0, 0), new(111, 74, 0), new(81, 0, 81), new(250, 170, 160), new(230, 150, 140), new(180, 165, 180), new(150, 100, 100), new(150, 120, 90),
            new(0, 0, 90), new(0, 0, 110),
        ]);

    /// <summary>The 11 evaluation classes of CamVid, merged from its 31 classes; the other colors are void. Class 0 is sky, since CamVid has no background.</summary>
    public static ColorMap CamVid { get; } = new(
        [
            new("sky", new(128, 128, 128)),
            new("building", new(128, 0, 0)), new("building", new(192, 0, 128)), new("building", new(0, 128, 64)), new("building", new(64, 0, 64)), new("building", new(64, 192, 0)),
            new("pole", new(192, 192, 128)), new("pole", new(0, 0, 64)),
            new("road", new(128, 64, 128)), new("road", new(128, 0, 192)), new("road", new(192, 0, 64)),
            new("pavement", new(0, 0, 192)), new("pavement", new(64, 192, 128)), new("pavement", new(128, 128, 192)),
            new("tree", new(128, 128, 0)), new("tree", new(192, 192, 0)),
            new("sign", new(192, 128, 128)), new("sign", new(128, 128, 64)), new("sign", new(0, 64, 64)),
            new("fence", new(64, 64, 128)),
            new("car", new(64, 0, 128)), new("car", new(64, 128, 192)), new("car", new(192, 128, 192)), new("car", new(192, 64, 128)), new("car", new(128, 64, 64)),
            new("pedestrian", new(64, 64, 0)), new("pedestrian", new(192, 128, 64)), new("pedestrian", new(64, 0, 192)), new("pedestrian", new(64, 128, 64)),
            new("bicyclist", new(0, 128, 192)), new("bicyclist", new(192, 0, 192)),
        ],
        [new(0, 0, 0)]);
}
